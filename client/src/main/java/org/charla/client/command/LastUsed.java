package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.charla.client.identity.PersonalFiles;
import org.charla.protocol.EventRules;
import org.charla.protocol.Topics;

/**
 * Who chatted last on this machine, and where: a file {@code charla/last.properties} in the folder for such things
 * (XDG Base Directory Specification: {@code XDG_STATE_HOME} where that is absolute, else {@code HOME}). Where it can't
 * be read or written, nothing is known, nor from what can be no user's or channel's name.
 */
final class LastUsed {

    private static final String USER = "user";
    private static final String CHANNEL = "channel";
    private static final String BELL = "bell";
    private static final String OFF = "off";
    private static final String VERSION = "version";
    /** Under which name a former {@code ./charla} kept itself here, though nobody had chatted: without a version. */
    private static final String NO_PERSON = "nobody";

    private final Path file;
    private final Properties values = new Properties();

    LastUsed(Map<String, String> environment) {
        file = folder(environment).resolve("last.properties");
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            values.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            values.clear();
        }
        if (NO_PERSON.equals(values.getProperty(USER)) && !values.containsKey(VERSION)) {
            values.clear();
        }
    }

    /** Where what is kept of a person's chats lies; may not exist. */
    static Path folder(Map<String, String> environment) {
        return PersonalFiles.folder(environment, "XDG_STATE_HOME", "state");
    }

    Optional<String> user() {
        return Optional.ofNullable(values.getProperty(USER)).filter(EventRules::isUserId);
    }

    Optional<String> channel() {
        return Optional.ofNullable(values.getProperty(CHANNEL)).filter(Topics::isChannelName);
    }

    /** Whether mentions ring the bell; they do unless it was switched off. */
    boolean bell() {
        return !OFF.equals(values.getProperty(BELL));
    }

    void remember(String user, String channel, boolean bell) {
        Object before = values.clone();
        values.setProperty(USER, user);
        values.setProperty(CHANNEL, channel);
        values.setProperty(BELL, bell ? "on" : OFF);
        values.setProperty(VERSION, "2");
        if (values.equals(before)) {
            return;
        }
        try {
            PersonalFiles.renew(file, () -> {
                StringWriter text = new StringWriter();
                values.store(text, null);
                return text.toString();
            });
        } catch (IOException e) {
            // Next time it is asked again.
        }
    }
}
