package org.charla.client.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Where what is a person's own lies on this machine (XDG Base Directory Specification), and how it gets there. */
public final class PersonalFiles {

    private PersonalFiles() {
    }

    /**
     * Charla's folder in the one for such things; may not exist.
     *
     * @param variable that names it, where it is absolute: {@code XDG_STATE_HOME}
     * @param belowLocal where it lies otherwise, below {@code .local} in {@code HOME}: {@code state}
     */
    public static Path folder(Map<String, String> environment, String variable, String belowLocal) {
        String given = environment.getOrDefault(variable, "");
        if (given.startsWith("/")) {
            return Path.of(given, "charla");
        }
        // Java's own idea of it is the password file's, and "?" where that has none.
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".local", belowLocal, "charla");
    }

    /** Writes a file anew, and returns when it is on the disk. */
    public static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
