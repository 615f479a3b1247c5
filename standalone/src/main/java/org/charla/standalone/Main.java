package org.charla.standalone;

import org.charla.client.Charla;
import picocli.CommandLine;

/** The whole command line: the client's commands, {@code connectors} and {@code standalone}. */
public final class Main {

    private Main() {
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for the environment and streams of the process. */
    public static CommandLine commandLine() {
        return Charla.parseAlike(RemoteMain.commandLine().addSubcommand(StandaloneCommand.class));
    }
}
