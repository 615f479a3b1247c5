package org.charla.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Assumptions;

/** A real mongod of its own for a test: the one that {@code MONGOD} names, or the one on the PATH. */
public final class Mongod implements AutoCloseable {

    private final List<String> command;
    private final Path directory;
    private final String uri;
    private Process process;

    private Mongod(List<String> command, Path directory, String uri) {
        this.command = command;
        this.directory = directory;
        this.uri = uri;
    }

    /** Starts one, or skips the test where there is none; in CI that is a failure. */
    public static Mongod start(Path directory, String... options) throws Exception {
        Optional<Path> program = program();
        if (program.isEmpty() && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("no mongod: name one in MONGOD");
        }
        Assumptions.assumeTrue(program.isPresent(), "no mongod: name one in MONGOD, or put it on the PATH");
        Files.createDirectories(directory);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString(), "--dbpath", directory.toString(),
                "--port", Integer.toString(port), "--bind_ip", "127.0.0.1", "--wiredTigerCacheSizeGB", "0.25"));
        command.addAll(List.of(options));
        Mongod mongod = new Mongod(command, directory, "mongodb://127.0.0.1:" + port);
        mongod.startAgain();
        return mongod;
    }

    /** On the same port and data; returns when it answers. */
    public void startAgain() throws Exception {
        process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile())).start();
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase("admin").runCommand(new Document("ping", 1));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it as {@code SIGSTOP} does: its connections stay, and nothing answers. */
    public void suspend() throws Exception {
        signal("STOP");
    }

    public void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("no signal " + name + " to " + process.pid());
        }
    }

    public String uri() {
        return uri;
    }

    /** Empty where there is none. */
    public static Optional<Path> program() {
        String named = System.getenv("MONGOD");
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, "mongod")).filter(Files::isExecutable).findFirst();
    }

    @Override
    public void close() {
        process.destroy();
        if (process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join() == null) {
            kill();
        }
    }
}
