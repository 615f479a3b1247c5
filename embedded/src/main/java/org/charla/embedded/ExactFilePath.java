package org.charla.embedded;

import java.nio.file.Path;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.disk.FilePathDisk;

/** A file for H2 that is called as it is called: its own takes a backslash for a slash. */
public final class ExactFilePath extends FilePathDisk {

    private static final String SCHEME = "exact";
    /** Stands for a backslash on the way through H2; no file's name holds it. */
    private static final char BACKSLASH = '\0';

    static {
        FilePath.register(new ExactFilePath());
    }

    /** How H2 is told of it. */
    static String of(Path file) {
        return SCHEME + ':' + file.toString().replace('\\', BACKSLASH);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FilePathDisk getPath(String path) {
        ExactFilePath exact = new ExactFilePath();
        exact.name = path.replaceFirst("^" + SCHEME + ":", "").replace(BACKSLASH, '\\');
        return exact;
    }
}
