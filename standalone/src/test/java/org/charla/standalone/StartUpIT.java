package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That {@code ./charla} starts its commands from the archive of their classes, which is what makes them quick. */
class StartUpIT {

    private static final String NO_MONGODB = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"history general", "users", "--user ada tail general --help"})
    void findsNearlyAllClassesInTheArchiveThatTheFirstCommandLeaves(String command) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            List<String> loaded = classesLoadedBy(command);
            long archived = loaded.stream().filter(line -> line.endsWith("source: shared objects file")).count();
            assertThat(loaded).hasSizeGreaterThan(1_000);
            assertThat((double) archived / loaded.size()).isGreaterThan(0.9);
        });
    }

    @Test
    void keepsTheServersLibrariesAwayFromACommandOfTheClient() throws Exception {
        assertThat(classesLoadedBy("users")).anyMatch(line -> line.contains("org.charla.client.command.UsersCommand"))
                .noneMatch(line -> line.contains("org.charla.standalone"));
    }

    private List<String> classesLoadedBy(String command) throws IOException, InterruptedException {
        Path log = folder.resolve("classes");
        ProcessBuilder charla = new ProcessBuilder((Checkout.HOME.resolve("charla")
                + " " + command + " --mongodb-uri " + NO_MONGODB).split(" "));
        charla.environment().put("CHARLA_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        Process process = charla.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(log);
    }
}
