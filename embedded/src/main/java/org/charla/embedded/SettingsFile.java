package org.charla.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** A server's settings as its file has them: Java properties in UTF-8, with or without a byte order mark. */
final class SettingsFile {

    private SettingsFile() {
    }

    /** All of them, in a map of the caller's own. */
    static Map<String, String> read(Path file) throws IOException {
        String text = Files.readString(file);
        Properties properties = new Properties();
        properties.load(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
