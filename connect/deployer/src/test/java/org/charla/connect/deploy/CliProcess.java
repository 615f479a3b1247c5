package org.charla.connect.deploy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine;

/** {@code charla connectors} as a process of its own, so that it can be told to end. */
final class CliProcess {

    private CliProcess() {
    }

    /**
     * Runs one command.
     *
     * @param args the worker's URL, then what a person types
     */
    public static void main(String[] args) {
        ConnectSettings settings = ConnectSettings.of(args[0], Map.of(), Map.of(),
                Map.of("bootstrap.servers", "127.0.0.1:1"));
        System.exit(new CommandLine(new ConnectorsCommand(() -> settings, Terminal.ofProcess(), Path.of("none")))
                .execute(Arrays.copyOfRange(args, 1, args.length)));
    }
}
