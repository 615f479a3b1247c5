package org.charla.client.command;

import picocli.CommandLine.Option;

/** How a command that lists things writes them. */
final class Format {

    @Option(names = "--json")
    private boolean json;

    boolean json() {
        return json;
    }
}
