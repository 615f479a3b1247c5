package org.charla.benchmark;

import java.nio.file.Path;

/** The files of the checkout that is measured. */
final class Home {

    private static final Path FOLDER = Path.of(System.getProperty("charla.home")).toAbsolutePath().normalize();

    private Home() {
    }

    static Path resolve(String path) {
        return FOLDER.resolve(path);
    }
}
