package org.charla.standalone;

import java.util.Arrays;

import picocli.CommandLine;

/** The entry of {@code ./charla standalone}. */
public final class Main {

    private Main() {
    }

    /** @param args the command line, beginning with the name of the command */
    public static void main(String[] args) {
        CommandLine standalone = new CommandLine(new StandaloneCommand((bootstrapServers, state, onFailure) -> () -> {
        }));
        System.exit(standalone.execute(Arrays.copyOfRange(args, 1, args.length)));
    }
}
