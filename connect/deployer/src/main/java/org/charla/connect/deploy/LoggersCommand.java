package org.charla.connect.deploy;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "loggers", header = "Shows or sets how much the worker logs, until it is started again.",
        description = {"For a worker that logs with Log4j, as Kafka ships it.", ""},
        footer = {"", "Examples:",
            "  charla connectors loggers",
            "  charla connectors loggers com.mongodb.kafka DEBUG --cluster"})
final class LoggersCommand extends ConnectorsSubcommand {

    /** Those of Log4j, which a stock worker logs with. */
    private enum LevelName { OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE }

    @Parameters(index = "0", arity = "0..1", paramLabel = "LOGGER",
            description = "One logger; all with a level, without.")
    private String logger;

    @Parameters(index = "1", arity = "0..1", paramLabel = "LEVEL",
            description = "Its new level: ${COMPLETION-CANDIDATES}.")
    private LevelName level;

    @Option(names = "--cluster", description = "Set it on all workers, not just on the one that answers.")
    private boolean cluster;

    private record LoggerLevel(String logger, String level) {
    }

    @Override
    int run() {
        Map<String, ConnectRest.Level> levels = connect().loggers();
        if (levels.isEmpty()) {
            // Where there is Log4j, there is the root logger. Without it a worker takes every level and does nothing.
            throw new DeployException("this worker does not log with Log4j, so that Kafka Connect can neither show nor"
                    + " set levels: its own logging configuration does");
        }
        if (level != null) {
            connect().setLogger(logger, level.name(), cluster);
            print(new LoggerLevel(logger, level.name()), logger + ": " + level);
            return ExitStatus.DONE;
        }
        if (logger != null) {
            levels = Map.of(logger, connect().logger(logger));
        }
        levels.forEach((name, value) -> print(new LoggerLevel(name, value.level()), name + ": " + value.level()));
        return ExitStatus.DONE;
    }
}
