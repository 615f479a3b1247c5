package org.charla.standalone;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path directory;

    @Test
    void closesTheFolderToOthersAlsoOneThatAFormerVersionLeftOpen() throws Exception {
        Path data = directory.resolve("data");
        for (int start = 0; start < 2; start++) {
            DataFolder.take(data).close();
            assertThat(Files.getPosixFilePermissions(data)).isEqualTo(fromString("rwx------"));
            Files.createDirectories(data.resolve("kafka"));
            Files.setPosixFilePermissions(data, fromString("rwxr-xr-x"));
        }
    }

    /** In a release the person's keys may have been there before. */
    @Test
    void closesAFolderToOthersThatHoldsNothingButKeys() throws Exception {
        Files.setPosixFilePermissions(directory, fromString("rwxr-xr-x"));
        Files.createDirectory(directory.resolve("keys"));
        DataFolder.take(directory).close();
        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(fromString("rwx------"));
    }

    @Test
    void leavesTheModeOfAFolderAloneThatHoldsOtherThings() throws Exception {
        Files.setPosixFilePermissions(directory, fromString("rwxr-xr-x"));
        Files.createFile(directory.resolve("something"));
        DataFolder.take(directory).close();
        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(fromString("rwxr-xr-x"));
    }

    @Test
    void clearsWhatAKilledProcessLeftForTheMoment() throws Exception {
        Path left = directory.resolve("data/tmp/some/library.so");
        Files.createDirectories(left.getParent());
        Files.createFile(left);
        Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
        Files.createSymbolicLink(left.resolveSibling("link"), elsewhere);
        try (DataFolder data = DataFolder.take(directory.resolve("data"))) {
            assertThat(data.temporary()).isEmptyDirectory();
        }
        assertThat(elsewhere).exists();
    }
}
