package org.charla.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.charla.testing.Checkout;
import org.charla.testing.ChildProcess;
import org.charla.testing.Java;

/** A Connect worker in a process of its own, with a cluster's configuration and what its container gives it. */
final class Worker implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    /** A group that stays as it is for so long has got what it gets. */
    private static final Duration SETTLED = Duration.ofSeconds(4);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String bootstrapServers;
    private final String url;
    private final ChildProcess process;
    private final HttpClient http = HttpClient.newHttpClient();

    private Worker(String bootstrapServers, String url, ChildProcess process) {
        this.bootstrapServers = bootstrapServers;
        this.url = url;
        this.process = process;
    }

    /**
     * Starts one and returns when its REST API answers.
     *
     * @param folder for its settings and its log
     * @param group whom it works with; its topics are named by it
     * @param mongodbUri what the connectors' configurations call <code>${env:CHARLA_MONGODB_URI}</code>
     */
    static Worker start(Path folder, String group, String bootstrapServers, String mongodbUri)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(Checkout.WORKER)) {
            settings.load(in);
        }
        settings.putAll(Map.of("bootstrap.servers", bootstrapServers, "listeners", url,
                "plugin.path", Checkout.PLUGINS.toString(), "group.id", group,
                "config.storage.topic", group + "-configs", "offset.storage.topic", group + "-offsets",
                "status.storage.topic", group + "-status",
                // As in docker-compose.yml.
                "scheduled.rebalance.max.delay.ms", "0", "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "2000"));
        Path file = Files.createDirectories(folder).resolve(group + ".properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        Worker worker = new Worker(bootstrapServers, url, ChildProcess.start(folder.resolve(group + ".log"),
                Map.of("CHARLA_MONGODB_URI", mongodbUri), Java.command(
                        List.of("-Xms128m", "-Xmx512m", "-XX:+UseParallelGC", "-Djava.awt.headless=true"),
                        System.getProperty("java.class.path"), ConnectDistributed.class, file.toString())));
        worker.process.await("answers", LIMIT, worker::answers);
        return worker;
    }

    private boolean answers() throws IOException, InterruptedException {
        try {
            return request("GET", "", null).statusCode() == 200;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** The configuration of one of Charla's connectors. */
    static ObjectNode configuration(String connector) throws IOException {
        return (ObjectNode) JSON.readTree(Checkout.connector(connector).toFile());
    }

    /** Makes a connector and returns when its tasks run. */
    void deploy(String name, ObjectNode configuration) throws IOException, InterruptedException {
        process.await("takes " + name, LIMIT,
                () -> isDone(request("PUT", "/" + name + "/config", configuration.toString())));
        awaitStates(name, "RUNNING", configuration.path("tasks.max").asInt());
    }

    private static boolean isDone(HttpResponse<String> response) {
        if (response.statusCode() == CONFLICT) {
            // It is busy with the request before.
            return false;
        }
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.uri() + ": " + response.body());
        }
        return true;
    }

    /** Returns when a connector's tasks have shared out so many partitions. */
    void awaitShared(String name, int partitions) throws IOException, InterruptedException {
        String group = "connect-" + name;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            awaitSteadily("has shared out the partitions of " + name, () -> {
                ConsumerGroupDescription found;
                try {
                    found = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
                } catch (ExecutionException e) {
                    // There is no such group yet.
                    return false;
                }
                return found.groupState() == GroupState.STABLE && found.members().stream()
                        .mapToInt(member -> member.assignment().topicPartitions().size()).sum() == partitions;
            });
        }
    }

    private void awaitSteadily(String what, Callable<Boolean> condition) throws IOException, InterruptedException {
        long[] last = {System.nanoTime()};
        process.await(what, LIMIT, () -> {
            if (!condition.call()) {
                last[0] = System.nanoTime();
            }
            return System.nanoTime() - last[0] > SETTLED.toNanos();
        });
    }

    private void awaitStates(String name, String state, int tasks) throws IOException, InterruptedException {
        process.await(name + " is " + state, LIMIT, () -> {
            JsonNode status = JSON.readTree(request("GET", "/" + name + "/status", null).body()).path("tasks");
            return status.size() == tasks
                    && status.findValuesAsText("state").stream().allMatch(state::equals);
        });
    }

    /** Returns when no task works. */
    void pause(String name, int tasks) throws IOException, InterruptedException {
        isDone(request("PUT", "/" + name + "/pause", null));
        awaitStates(name, "PAUSED", tasks);
    }

    void resume(String name) throws IOException, InterruptedException {
        isDone(request("PUT", "/" + name + "/resume", null));
    }

    /** Deletes a connector, if there is one of that name. */
    void delete(String name) throws IOException, InterruptedException {
        process.await("deletes " + name, LIMIT, () -> {
            HttpResponse<String> response = request("DELETE", "/" + name, null);
            return response.statusCode() == NOT_FOUND || isDone(response);
        });
    }

    private HttpResponse<String> request(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url + "/connectors" + path)).timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build(), BodyHandlers.ofString());
    }

    ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.kill();
    }
}
