package org.charla.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process of a test or a measurement. One that ends unasked, or doesn't get where it should in time, is an error that shows the
 * end of what it said. It doesn't outlive this JVM.
 */
public final class ChildProcess {

    private static final int SHOWN_LINES = 20;
    private static final int COMMAND_LIMIT_SECONDS = 120;

    private final Path log;
    private final Process process;

    private ChildProcess(Path log, Process process) {
        this.log = log;
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /**
     * Starts one.
     *
     * @param log where what it says is added
     */
    public static ChildProcess start(Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ChildProcess(log, builder.start());
    }

    /** What a command says that is over in a moment, and has to succeed. */
    public static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }

    /** Waits until something is so, while the process lives. */
    public void await(String what, Duration limit, Callable<Boolean> condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isTrue(condition)) {
            requireAlive();
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + limit.toSeconds() + " s: " + what + "\n" + said());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static boolean isTrue(Callable<Boolean> condition) throws IOException, InterruptedException {
        try {
            return condition.call();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns where it runs.
     *
     * @throws IllegalStateException if it has ended, with the end of what it said
     */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("ended with status " + process.exitValue() + "\n" + said());
        }
    }

    private String said() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(log));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    public long pid() {
        return process.pid();
    }

    /** Processor time so far, of the process and those that it started. */
    public Duration cpu() {
        return process.descendants().map(ProcessHandle::info).map(info -> info.totalCpuDuration().orElse(Duration.ZERO))
                .reduce(process.info().totalCpuDuration().orElse(Duration.ZERO), Duration::plus);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: its connections stay, and nothing answers. */
    public void suspend() throws IOException {
        output("kill", "-STOP", Long.toString(pid()));
    }

    /** SIGCONT. */
    public void resume() throws IOException {
        output("kill", "-CONT", Long.toString(pid()));
    }

    /** SIGKILL, also to those that it started; returns when it is gone. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, and SIGKILL where that doesn't end it in time. */
    public void terminate(Duration limit) {
        process.destroy();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}
