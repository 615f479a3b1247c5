package org.charla.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The certificates and passwords of a closed cluster, as {@code config/secure/make-secrets} makes them. */
public final class Secrets {

    private static final Path SCRIPT = Checkout.HOME.resolve("config/secure/make-secrets");
    /** Where the containers of docker-compose.secure.yml see them. */
    private static final String IN_CONTAINERS = "/run/charla";

    private final Path folder;

    private Secrets(Path folder) {
        this.folder = folder;
    }

    /** Makes them, or makes them anew where there are some. */
    public static Secrets make(Path folder) throws Exception {
        Process process = new ProcessBuilder(SCRIPT.toString(), "--dir", folder.toString())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError("make-secrets failed: " + output);
        }
        return new Secrets(folder);
    }

    /** One of the files. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** What one of the files of lines {@code NAME=VALUE} says, with its paths as they are on this machine. */
    public Map<String, String> read(String name) throws IOException {
        Properties properties = new Properties();
        Path file = file(name);
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key ->
                values.put(key, properties.getProperty(key).replace(IN_CONTAINERS, file.getParent().toString())));
        return values;
    }
}
