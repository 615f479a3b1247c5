package org.charla.standalone;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Assumptions;

/** A real mongod of its own for a test: the one that {@code MONGOD} names, or the one on the PATH. */
public final class Mongod implements AutoCloseable {

    private final Process process;
    private final String uri;

    private Mongod(Process process, String uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Starts one, or skips the test where there is none; in CI that is a failure. */
    public static Mongod start(Path directory) throws Exception {
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
        Process process = new ProcessBuilder(program.get().toString(), "--dbpath", directory.toString(), "--port",
                Integer.toString(port), "--bind_ip", "127.0.0.1", "--wiredTigerCacheSizeGB", "0.25")
                .redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
        Mongod mongod = new Mongod(process, "mongodb://127.0.0.1:" + port);
        try (MongoClient client = MongoClients.create(mongod.uri)) {
            // waits until it answers
            client.getDatabase("admin").runCommand(new Document("ping", 1));
        } catch (RuntimeException e) {
            mongod.close();
            throw e;
        }
        return mongod;
    }

    public String uri() {
        return uri;
    }

    private static Optional<Path> program() {
        String named = System.getenv("MONGOD");
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, "mongod")).filter(Files::isExecutable).findFirst();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
