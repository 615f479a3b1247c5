package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Who chatted last on this machine, and where: a file {@code charla/last.properties} in the folder for such things
 * (XDG Base Directory Specification, {@code XDG_STATE_HOME}). Where it can't be read or written, nothing is known.
 */
final class LastUsed {

    private static final String USER = "user";
    private static final String CHANNEL = "channel";
    private static final String BELL = "bell";
    private static final String OFF = "off";

    private final Path file;
    private final Properties values = new Properties();

    LastUsed(Map<String, String> environment) {
        String folder = environment.getOrDefault("XDG_STATE_HOME", "");
        file = (folder.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(folder))
                .resolve("charla").resolve("last.properties");
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            values.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            values.clear();
        }
    }

    Optional<String> user() {
        return Optional.ofNullable(values.getProperty(USER));
    }

    Optional<String> channel() {
        return Optional.ofNullable(values.getProperty(CHANNEL));
    }

    /** Whether mentions ring the bell; they do unless it was switched off. */
    boolean bell() {
        return !OFF.equals(values.getProperty(BELL));
    }

    void remember(String user, String channel, boolean bell) {
        values.setProperty(USER, user);
        values.setProperty(CHANNEL, channel);
        values.setProperty(BELL, bell ? "on" : OFF);
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(file, UTF_8)) {
                values.store(writer, null);
            }
        } catch (IOException e) {
            // Next time it is asked again.
        }
    }
}
