package org.charla.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.charla.testing.ChildProcess;

/** A file system of its own for one part's data, in memory, which can be filled. */
final class Disk implements AutoCloseable {

    private static final String BALLAST = "ballast";
    private static final byte[] BLOCK = new byte[1 << 20];

    private final Path folder;
    private boolean isMounted;
    private String reason = "";

    /** @param megabytes how much fits */
    Disk(Path folder, int megabytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        try {
            ChildProcess.output("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "charla-proof",
                    folder.toString());
            isMounted = true;
        } catch (IOException e) {
            reason = e.getMessage().lines().findFirst().orElse("").strip();
        }
    }

    /** Empty where it can be filled, or else why not. */
    String reason() {
        return reason;
    }

    /** Not a byte is left from now on. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(BALLAST))) {
            while (true) {
                out.write(BLOCK);
            }
        } catch (IOException e) {
            if (folder.toFile().getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(folder.resolve(BALLAST));
    }

    @Override
    public void close() throws IOException {
        if (isMounted) {
            ChildProcess.output("umount", "-l", folder.toString());
        }
    }
}
