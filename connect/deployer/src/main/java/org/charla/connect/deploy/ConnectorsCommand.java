package org.charla.connect.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code charla connectors}: to be added to a command line as a subcommand. Exit status: 0 done, 1 failed, 2 wrong
 * usage, 3 differences, 4 unreachable.
 */
@Command(name = "connectors", header = "Deploys connectors to a Kafka Connect cluster and watches over them.",
        description = {"Each file NAME.json of config/connectors declares the connector NAME: one JSON object of its"
            + " settings. Secrets stand in none: $${env:…} and $${file:…} are filled in by the worker.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 differences, 4 worker or MongoDB unreachable.",
            "", "Examples:",
            "  charla connectors diff                      what would change",
            "  charla connectors apply                     change it, and wait until everything runs",
            "  charla connectors status --trace            what runs, and why not"},
        subcommands = {ListCommand.class, StatusCommand.class, ValidateCommand.class, DiffCommand.class,
            ApplyCommand.class, DeleteCommand.class, PauseCommand.class, ResumeCommand.class, StopCommand.class,
            RestartCommand.class, OffsetsCommand.class, WatchCommand.class, PluginsCommand.class,
            LoggersCommand.class})
public final class ConnectorsCommand {

    private final Supplier<ConnectSettings> settings;
    private final Terminal terminal;
    private final Path folder;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Write one JSON object a line.")
    private boolean json;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", scope = ScopeType.INHERIT,
            description = "How long to wait for the worker's answer, and for connectors to run (60).")
    private int timeout;

    @Option(names = "--stable", paramLabel = "SECONDS", defaultValue = "3", scope = ScopeType.INHERIT,
            description = "How long connectors must stay as they are before that is believed (3).")
    private double stable;

    /**
     * @param settings where the worker is, asked for when a command runs
     * @param terminal the process's own
     * @param folder   of the connectors, for commands that are given no files
     */
    public ConnectorsCommand(Supplier<ConnectSettings> settings, Terminal terminal, Path folder) {
        this.settings = settings;
        this.terminal = terminal;
        this.folder = folder;
    }

    ConnectSettings settings() {
        return settings.get();
    }

    Terminal terminal() {
        return terminal;
    }

    Path folder() {
        return folder;
    }

    boolean json() {
        return json;
    }

    Duration limit() {
        return Duration.ofSeconds(timeout);
    }

    Duration stable() {
        return Duration.ofMillis(Math.round(stable * 1000));
    }
}
