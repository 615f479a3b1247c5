package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.charla.testing.Checkout;

/** {@code ./charla standalone} as a process of its own, and other commands of {@code ./charla} that talk to it. */
final class StandaloneProcess implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final int END_LIMIT_S = 60;
    /** Lines of the log that a failure shows. */
    private static final int LOG_LINES = 60;
    private static final Pattern READY = Pattern.compile("ready: kafka (127\\.0\\.0\\.1:(\\d+)), "
            + "connect (http://127\\.0\\.0\\.1:(\\d+)), mongodb (mongodb://127\\.0\\.0\\.1:(\\d+))");

    /** What a command left behind. */
    record Ended(int status, List<String> out, List<String> err) {

        /** Fails with what the command said, if it didn't end so. */
        Ended requireStatus(int expected) {
            assertThat(status).as(this::toString).isEqualTo(expected);
            return this;
        }
    }

    /** A command that runs. */
    record Running(Process process, Path out, Path err) {

        Ended awaitEnd() throws InterruptedException {
            return new Ended(process.waitFor(), lines(out), lines(err));
        }
    }

    private final Path directory;
    private final Path data;
    private Process process;
    private Path out;
    private Path err;
    private String[] ports = {"--kafka-port", "0", "--connect-port", "0", "--mongodb-port", "0"};
    private String kafka;
    private String connect;
    private String mongodb;
    private int files;

    /** @param directory where its data and what it prints go */
    StandaloneProcess(Path directory) {
        this(directory, directory.resolve("data"));
    }

    /** @param data where its data goes, and what it prints beside that */
    StandaloneProcess(Path directory, Path data) {
        this.directory = directory;
        this.data = data;
    }

    /** Starts it on free ports the first time, and on the same ones from then on. */
    StandaloneProcess start() {
        return start(ports);
    }

    StandaloneProcess start(String... options) {
        List<String> command = new ArrayList<>(List.of("standalone", "--no-chat",
                "--data-dir", data.toString()));
        command.addAll(List.of(options));
        out = newFile();
        err = newFile();
        process = charla(command, out, err);
        return this;
    }

    StandaloneProcess awaitReady() {
        await().atMost(READY_LIMIT).until(() -> !process.isAlive() || !lines(out).isEmpty());
        assertThat(process.isAlive()).as(this::said).isTrue();
        assertThat(lines(out)).singleElement().asString().matches(READY);
        Matcher ready = READY.matcher(lines(out).get(0));
        assertThat(ready.matches()).isTrue();
        kafka = ready.group(1);
        connect = ready.group(3);
        mongodb = ready.group(5);
        ports = new String[] {"--kafka-port", ready.group(2), "--connect-port", ready.group(4),
            "--mongodb-port", ready.group(6)};
        return this;
    }

    /** Waits until it has said something to the person who started it. */
    StandaloneProcess awaitLine(String start) {
        await().atMost(READY_LIMIT).untilAsserted(() ->
                assertThat(lines(err)).as(this::said).anyMatch(line -> line.startsWith(start)));
        return this;
    }

    /** As kill -9 does it. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Sends SIGTERM. */
    Ended terminate() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    Ended awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)).as(() -> "ended in time:\n" + said()).isTrue();
        return new Ended(process.exitValue(), lines(out), lines(err));
    }

    /** Of this start and those before. */
    List<String> log() {
        Path log = data.resolve("logs").resolve("standalone.log");
        return Files.exists(log) ? lines(log) : List.of();
    }

    private String said() {
        List<String> log = log();
        return String.join("\n", lines(err)) + "\n" + String.join("\n", lines(out)) + "\n"
                + String.join("\n", log.subList(Math.max(0, log.size() - LOG_LINES), log.size()));
    }

    /** How its servers are told to another command. */
    String options() {
        return "--bootstrap-servers " + kafka + " --mongodb-uri " + mongodb;
    }

    String bootstrapServers() {
        return kafka;
    }

    String connectUrl() {
        return connect;
    }

    String mongodbUri() {
        return mongodb;
    }

    /** Runs a command against it and waits for its end. */
    Ended charla(String... arguments) throws InterruptedException {
        Path commandOut = newFile();
        Path commandErr = newFile();
        Process command = charla(withServers(arguments), commandOut, commandErr);
        assertThat(command.waitFor(60, TimeUnit.SECONDS)).as(() -> List.of(arguments) + " ended:\n"
                + lines(commandErr) + lines(commandOut)).isTrue();
        return new Ended(command.exitValue(), lines(commandOut), lines(commandErr));
    }

    /**
     * Runs a line of the shell, in which {@code $charla} is a command against it and {@code $folder} a folder, and waits
     * for its end.
     */
    Ended shell(String line) throws InterruptedException {
        Path shellOut = newFile();
        Path shellErr = newFile();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", line);
        builder.environment().putAll(Map.of(
                "charla", Checkout.HOME.resolve("charla").toString(),
                "CHARLA_BOOTSTRAP_SERVERS", kafka, "CHARLA_MONGODB_URI", mongodb, "CHARLA_USER", "ada",
                "XDG_DATA_HOME", directory.toString(),
                "folder", directory.toString()));
        try {
            Process shell = builder.redirectOutput(shellOut.toFile()).redirectError(shellErr.toFile()).start();
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as(() -> line + " ended:\n" + lines(shellErr)
                    + lines(shellOut)).isTrue();
            return new Ended(shell.exitValue(), lines(shellOut), lines(shellErr));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a command against it. */
    Running charlaInBackground(String... arguments) {
        Path commandOut = newFile();
        Path commandErr = newFile();
        return new Running(charla(withServers(arguments), commandOut, commandErr), commandOut, commandErr);
    }

    private List<String> withServers(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--bootstrap-servers", kafka, "--mongodb-uri", mongodb, "--connect-url", connect));
        return command;
    }

    private Process charla(List<String> arguments, Path out, Path err) {
        List<String> command = new ArrayList<>(List.of(Checkout.HOME.resolve("charla").toString()));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            // Keys are for this test alone.
            builder.environment().put("XDG_DATA_HOME", directory.toString());
            return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path newFile() {
        return directory.resolve("printed-" + ++files);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
