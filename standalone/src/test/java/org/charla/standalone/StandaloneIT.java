package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./charla standalone} as a process of its own. */
class StandaloneIT {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final String[] FREE_PORTS = {"--kafka-port", "0", "--connect-port", "0", "--mongodb-port", "0"};

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void saysOnOneLineWhenItIsReadyRefusesASecondInTheFolderSurvivesAKillAndStopsOnSigterm() throws Exception {
        Process first = standalone("first", FREE_PORTS);
        awaitReady(first, "first");

        Process second = standalone("second", FREE_PORTS);
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(lines("second.err")).singleElement().asString().contains("another standalone", "--data-dir");

        first.destroyForcibly().waitFor();
        Process third = standalone("third", FREE_PORTS);
        awaitReady(third, "third");
        third.destroy();
        assertThat(third.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(third.exitValue()).isZero();
    }

    @Test
    void namesTheTakenPortAndItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Process process = standalone("taken", "--kafka-port", "0", "--connect-port", port, "--mongodb-port", "0");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(lines("taken.err")).singleElement().asString().contains(port, "--connect-port");
        }
    }

    private Process standalone(String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("charla.home"), "charla").toString(), "standalone", "--no-chat",
                "--data-dir", directory.resolve("data").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectOutput(directory.resolve(name + ".out").toFile())
                .redirectError(directory.resolve(name + ".err").toFile()).start();
        processes.add(process);
        return process;
    }

    private void awaitReady(Process process, String name) {
        await().atMost(READY_LIMIT).until(() -> {
            assertThat(process.isAlive()).as("%s", lines(name + ".err")).isTrue();
            return !lines(name + ".out").isEmpty();
        });
        assertThat(read(name + ".out")).singleElement().asString()
                .matches("ready: kafka 127\\.0\\.0\\.1:\\d+, connect http://127\\.0\\.0\\.1:\\d+, "
                        + "mongodb mongodb://127\\.0\\.0\\.1:\\d+");
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }

    private List<String> read(String file) {
        try {
            return lines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
