package org.charla.standalone;

import org.charla.client.Charla;
import picocli.CommandLine;

/** The whole command line: the client's commands and {@code standalone}. */
public final class Main {

    private Main() {
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        CommandLine charla = Charla.commandLine();
        charla.addSubcommand(StandaloneCommand.class);
        System.exit(charla.execute(args));
    }
}
