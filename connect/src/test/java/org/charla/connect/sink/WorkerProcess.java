package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.charla.testing.Checkout;

/** A Connect worker with the configuration of a cluster, as a process of its own, so that it can be killed. */
final class WorkerProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path log;
    private final String url;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    /** @param directory where its configuration and its log go; the log of workers before it stays */
    WorkerProcess(Path directory, String bootstrapServers, String mongodbUri) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(Checkout.WORKER)) {
            settings.load(in);
        }
        settings.putAll(Map.of("bootstrap.servers", bootstrapServers, "listeners", url,
                "plugin.path", Checkout.PLUGINS.toAbsolutePath().toString(),
                "offset.storage.partitions", "1", "status.storage.partitions", "1",
                // A killed worker is missed soon.
                "scheduled.rebalance.max.delay.ms", "0", "session.timeout.ms", "4000", "heartbeat.interval.ms", "1000",
                "offset.flush.interval.ms", "2000"));
        Path file = directory.resolve("worker-" + port + ".properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        log = directory.resolve("worker-" + port + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-XX:+UseParallelGC",
                "-Dlogback.configurationFile=logback-worker.xml", "-cp", System.getProperty("java.class.path"),
                "org.apache.kafka.connect.cli.ConnectDistributed", file.toString());
        builder.environment().put("CHARLA_MONGODB_URI", mongodbUri);
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    WorkerProcess awaitReady() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).ignoreExceptions()
                .until(() -> request("GET", "", null).statusCode() == 200);
        return this;
    }

    /** Gives a connector the configuration of its file with other settings over it, and waits until all tasks run. */
    void deploy(String name, Map<String, String> more) throws Exception {
        deploy(name, name, more);
    }

    void deploy(String name, String file, Map<String, String> more) throws Exception {
        ObjectNode config = (ObjectNode) json.readTree(
                Checkout.connector(file).toFile());
        more.forEach(config::put);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            HttpResponse<String> response = request("PUT", "/" + name + "/config", config.toString());
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
        });
        awaitRunning(name, config.path("tasks.max").asInt());
    }

    void awaitRunning(String name, int tasks) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            JsonNode status = status(name);
            assertThat(status.path("tasks")).as(status::toString).hasSize(tasks)
                    .allMatch(task -> task.path("state").asText().equals("RUNNING"));
        });
    }

    JsonNode status(String name) throws Exception {
        return json.readTree(request("GET", "/" + name + "/status", null).body());
    }

    /** @param path behind {@code /connectors} */
    HttpResponse<String> request(String method, String path, String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url + "/connectors" + path))
                .timeout(Duration.ofSeconds(30)).header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
