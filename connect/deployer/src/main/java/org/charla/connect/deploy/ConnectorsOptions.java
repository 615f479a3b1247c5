package org.charla.connect.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands are given: options that each of them takes, and what surrounds them. */
abstract class ConnectorsOptions {

    private final Supplier<ConnectSettings> settings;
    private final Terminal terminal;
    private final Path folder;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Write one JSON object a line.")
    private boolean json;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", scope = ScopeType.INHERIT,
            converter = Numbers.OneOrMore.class,
            description = "How long to wait for the worker's answer, and for connectors to run (60).")
    private int timeout;

    @Option(names = "--stable", paramLabel = "SECONDS", defaultValue = "3", scope = ScopeType.INHERIT,
            converter = Numbers.Seconds.class,
            description = "How long connectors must stay as they are before that is believed (3).")
    private double stable;

    ConnectorsOptions(Supplier<ConnectSettings> settings, Terminal terminal, Path folder) {
        this.settings = settings;
        this.terminal = terminal;
        this.folder = folder;
    }

    final ConnectSettings settings() {
        return settings.get();
    }

    final Terminal terminal() {
        return terminal;
    }

    final Path folder() {
        return folder;
    }

    final boolean json() {
        return json;
    }

    final Duration limit() {
        return Duration.ofSeconds(timeout);
    }

    final Duration stable() {
        return Duration.ofMillis(Math.round(stable * 1000));
    }
}
