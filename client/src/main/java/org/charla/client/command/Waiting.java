package org.charla.client.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether a command that sends waits for what becomes of it. */
final class Waiting {

    @Option(names = "--wait")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Least.One.class)
    private int timeout;

    /** How long to wait for each event; null: not at all. */
    Duration patience() {
        return wait ? Duration.ofSeconds(timeout) : null;
    }
}
