package org.charla.testing;

import java.nio.file.Path;

/** The files of this checkout that tests start servers and commands with. */
public final class Checkout {

    /** Where it lies; the build says it in {@code charla.home}. */
    public static final Path HOME = Path.of(System.getProperty("charla.home")).toAbsolutePath().normalize();

    /** What brokers have in common. */
    public static final Path BROKER = HOME.resolve("config/broker.properties");

    /** A cluster's configuration of a Connect worker. */
    public static final Path WORKER = HOME.resolve("config/connect-worker.properties");

    /** The folder that the build puts the sink in, and nothing else. */
    public static final Path PLUGINS = HOME.resolve("connect/target/plugin");

    private Checkout() {
    }

    /** The configuration of this connector. */
    public static Path connector(String name) {
        return HOME.resolve("config/connectors/" + name + ".json");
    }
}
