package org.charla.connect.deploy;

import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

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
public final class ConnectorsCommand extends ConnectorsOptions {

    /**
     * @param settings where the worker is, asked for when a command runs
     * @param terminal the process's own
     * @param folder   of the connectors, for commands that are given no files
     */
    public ConnectorsCommand(Supplier<ConnectSettings> settings, Terminal terminal, Path folder) {
        super(settings, terminal, folder);
    }
}
