package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The streams app as a process of its own, so that it can be killed. */
final class StreamsProcess implements AutoCloseable {

    private final Path log;
    private final Process process;

    /**
     * @param settings lines of its settings file
     */
    StreamsProcess(Path directory, String... settings) {
        try {
            Path file = Files.write(directory.resolve("streams.properties"), List.of(settings));
            log = directory.resolve("streams.log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                    // It is there for seconds.
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                    // Not the tests' own: what the app logs is looked at.
                    "-Dlogback.configurationFile=logback.xml",
                    "-cp", System.getProperty("java.class.path"), Main.class.getName(), file.toString()));
            process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Sends SIGTERM. */
    StreamsProcess terminate() {
        process.destroy();
        return this;
    }

    /** Waits for its end, and fails with what it said if it doesn't end so. */
    void awaitEnd(int seconds, int status) throws Exception {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).as("ended within %d s:%n%s", seconds, output()).isTrue();
        assertThat(process.exitValue()).as(output()).isEqualTo(status);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
