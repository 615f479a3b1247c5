package org.charla.connect.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A real Connect worker in a process of its own, so that it can be killed. */
final class Worker implements AutoCloseable {

    private final Process process;
    private final String url;

    private Worker(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** @param secrets a properties file for <code>${file:…}</code> */
    static Worker start(Path folder, String bootstrapServers, Path secrets, Map<String, String> environment)
            throws IOException {
        String url = "http://127.0.0.1:" + Broker.freePort();
        Path properties = Files.writeString(folder.resolve("worker.properties"), String.join("\n",
                "bootstrap.servers=" + bootstrapServers,
                "group.id=workers",
                "listeners=" + url,
                "plugin.discovery=service_load",
                "config.storage.topic=configs",
                "config.storage.replication.factor=1",
                "offset.storage.topic=offsets",
                "offset.storage.replication.factor=1",
                "offset.storage.partitions=1",
                "status.storage.topic=statuses",
                "status.storage.replication.factor=1",
                "status.storage.partitions=1",
                "key.converter=org.apache.kafka.connect.storage.StringConverter",
                "value.converter=org.apache.kafka.connect.storage.StringConverter",
                "config.providers=file,env",
                "config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider",
                "config.providers.file.param.allowed.paths=" + secrets,
                "config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                "scheduled.rebalance.max.delay.ms=0",
                "session.timeout.ms=6000",
                "heartbeat.interval.ms=1000",
                "offset.flush.interval.ms=500"));
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "org.apache.kafka.connect.cli.ConnectDistributed", properties.toString());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("worker.log").toFile());
        return new Worker(builder.start(), url);
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
