package org.charla.client.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Where what is a person's own lies on this machine (XDG Base Directory Specification), and how it gets there. */
public final class PersonalFiles {

    /** Longer names are hashed: no file system takes less than this, in bytes. */
    private static final int LONGEST_NAME = 128;

    /** No escape is written so: user ids that are hashed have names of their own. */
    private static final String HASHED = "%sha256-";

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

    /** What a user's file is called: as the id where that is plain, else with escapes as in URIs; no two ids have the same. */
    public static String name(String userId) {
        byte[] bytes = userId.getBytes(UTF_8);
        StringBuilder name = new StringBuilder();
        for (byte octet : bytes) {
            boolean plain = octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z' || octet >= '0' && octet <= '9'
                    || octet == '_' || name.length() > 0 && (octet == '-' || octet == '.');
            name.append(plain ? String.valueOf((char) octet) : "%%%02X".formatted(octet));
        }
        return name.length() <= LONGEST_NAME ? name.toString() : HASHED + HexFormat.of().formatHex(sha256(bytes));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {

        String text() throws IOException;
    }

    /**
     * Puts what is said in place of a file, whole or not at all, whenever the machine ends. Of several processes and
     * threads that do so at once, one comes after the other.
     *
     * @param content asked while nobody else writes, so that it can read what others wrote
     */
    public static void renew(Path file, Content content) throws IOException {
        Files.createDirectories(file.getParent());
        // In the same process, a lock that somebody holds is a mistake.
        synchronized (PersonalFiles.class) {
            try (FileChannel lock = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Until it is closed.
                lock.lock();
                Path written = file.resolveSibling(file.getFileName() + ".new");
                write(written, content.text());
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
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
