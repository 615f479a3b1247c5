package org.charla.connect.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A real Connect worker in a process of its own, so that it can be killed. It logs with Log4j, as Kafka ships it, and
 * has {@code hunter2} in its environment as {@code SEVEN}.
 */
final class Worker implements AutoCloseable {

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("group.id", "workers"),
            Map.entry("plugin.discovery", "service_load"),
            Map.entry("config.storage.topic", "configs"),
            Map.entry("config.storage.replication.factor", "1"),
            Map.entry("offset.storage.topic", "offsets"),
            Map.entry("offset.storage.replication.factor", "1"),
            Map.entry("offset.storage.partitions", "1"),
            Map.entry("status.storage.topic", "statuses"),
            Map.entry("status.storage.replication.factor", "1"),
            Map.entry("status.storage.partitions", "1"),
            Map.entry("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
            Map.entry("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
            Map.entry("config.providers", "file,env"),
            Map.entry("config.providers.file.class",
                    "org.apache.kafka.common.config.provider.FileConfigProvider"),
            Map.entry("config.providers.env.class",
                    "org.apache.kafka.common.config.provider.EnvVarConfigProvider"),
            Map.entry("scheduled.rebalance.max.delay.ms", "0"),
            Map.entry("session.timeout.ms", "6000"),
            Map.entry("heartbeat.interval.ms", "1000"),
            Map.entry("offset.flush.interval.ms", "500"));

    private final Process process;
    private final String url;
    private final Path log;

    private Worker(Process process, String url, Path log) {
        this.process = process;
        this.url = url;
        this.log = log;
    }

    /**
     * Starts one of the group of workers of a Kafka.
     *
     * @param settings over those that all workers of tests have
     */
    static Worker start(Path folder, String bootstrapServers, Map<String, String> settings) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Properties properties = new Properties();
        properties.putAll(DEFAULTS);
        properties.putAll(Map.of("bootstrap.servers", bootstrapServers, "listeners", "http://127.0.0.1:" + port));
        settings.forEach((name, value) -> properties.setProperty(name, value.replace("PORT", String.valueOf(port))));
        Path file = folder.resolve("worker-" + port + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        Path log = folder.resolve("worker-" + port + ".log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=INFO",
                "-cp", System.getProperty("java.class.path"),
                "org.apache.kafka.connect.cli.ConnectDistributed", file.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SEVEN", "hunter2");
        return new Worker(builder.start(), properties.getProperty("listeners"), log);
    }

    void awaitReady() {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/connectors"))
                .timeout(Duration.ofSeconds(2)).build();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).ignoreExceptions()
                .until(() -> http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200);
    }

    String url() {
        return url;
    }

    /** As it calls itself to other workers, and in the states of what it runs. */
    String id() {
        return URI.create(url).getAuthority();
    }

    /** Where the worker is that leads, as far as this one knows. */
    String leader() throws IOException {
        await().atMost(Duration.ofSeconds(30)).until(() -> log().contains("leaderUrl='"));
        String log = log();
        String leader = log.substring(log.lastIndexOf("leaderUrl='") + "leaderUrl='".length());
        return leader.substring(0, leader.indexOf("/'"));
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        kill();
    }
}
