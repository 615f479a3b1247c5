package org.charla.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder in which everything lies that a standalone keeps, held by one process at a time and closed to other users
 * of the machine. The hold ends with the process, however it ends.
 */
final class DataFolder implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    /** What the client keeps in the folder of a release. */
    private static final Path KEYS = Path.of("keys");

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder if it isn't there, and takes it.
     *
     * @throws StartException if another process holds it, or it can't be written
     */
    static DataFolder take(Path path) {
        try {
            boolean isOurs = isOurs(path);
            Files.createDirectories(path);
            if (isOurs) {
                closeToOthers(path);
            }
            FileChannel lockFile = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new StartException("another standalone uses " + path
                        + ": stop it, or choose another folder with --data-dir");
            }
            DataFolder folder = new DataFolder(path, lockFile);
            // What a process that was killed has left.
            folder.clearTemporary();
            Files.createDirectories(folder.temporary());
            return folder;
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " can't be used (" + e
                    + "): choose another with --data-dir");
        }
    }

    /** Rather than one that others use as well, or that was named by mistake: that one's mode is its owner's business. */
    private static boolean isOurs(Path path) throws IOException {
        if (!Files.exists(path) || Files.exists(path.resolve("lock")) && Files.exists(path.resolve("kafka"))) {
            return true;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.allMatch(entry -> entry.endsWith(KEYS));
        }
    }

    private static void closeToOthers(Path path) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException | UnsupportedOperationException e) {
            // Not on every file system; what is made in it is closed by the umask of ./charla.
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    Path store() {
        return path.resolve("store");
    }

    Path streams() {
        return path.resolve("streams");
    }

    Path logs() {
        return path.resolve("logs");
    }

    /** For what libraries need while they run. */
    Path temporary() {
        return path.resolve("tmp");
    }

    /** Deletes what is in the folder for temporary files, as far as that goes. */
    void clearTemporary() {
        Path temporary = temporary();
        if (Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> found = Files.walk(temporary)) {
                found.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                // The next start tries it again.
            }
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
