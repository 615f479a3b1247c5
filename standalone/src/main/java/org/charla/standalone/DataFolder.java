package org.charla.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder in which everything lies that a standalone keeps, held by one process at a time. The hold ends with the
 * process, however it ends.
 */
final class DataFolder implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

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
            Files.createDirectories(path);
            FileChannel lockFile = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new StartException("another standalone uses " + path
                        + ": stop it, or choose another folder with --data-dir");
            }
            return new DataFolder(path, lockFile);
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " can't be used (" + e
                    + "): choose another with --data-dir");
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

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
