package org.charla.standalone;

/** The whole command line: the client's commands, {@code connectors} and {@code standalone}. */
public final class Main {

    private Main() {
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(RemoteMain.commandLine().addSubcommand(StandaloneCommand.class).execute(args));
    }
}
