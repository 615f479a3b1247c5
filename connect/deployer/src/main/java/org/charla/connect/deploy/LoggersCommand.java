package org.charla.connect.deploy;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "loggers", header = "Shows or sets how much the worker logs, until it is started again.",
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
        if (level != null) {
            connect().setLogger(logger, level.name(), cluster);
            Map<String, ConnectRest.Level> now = connect().loggers();
            if (!cluster && !now.containsKey(logger)) {
                throw new DeployException("the worker did not take the level: it does not log with Log4j, or not under"
                        + " this name");
            }
            print(new LoggerLevel(logger, level.name()), logger + ": " + level);
            return Status.DONE;
        }
        Map<String, ConnectRest.Level> levels = logger == null ? connect().loggers()
                : new TreeMap<>(Map.of(logger, connect().logger(logger)));
        levels.forEach((name, value) -> print(new LoggerLevel(name, value.level()), name + ": " + value.level()));
        return Status.DONE;
    }
}
