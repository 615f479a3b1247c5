package org.charla.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.eclipse.jetty.util.thread.ShutdownThread;

/**
 * A Kafka Connect worker in this process, with a cluster's own configuration but for what is particular to one
 * process on one machine. It is spoken to through its REST API, as any worker.
 */
public final class ConnectWorker implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Connect<DistributedHerder> connect;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final TaskReports reports;

    private ConnectWorker(Connect<DistributedHerder> connect, TaskReports reports) {
        this.connect = connect;
        this.reports = reports;
    }

    /**
     * Starts a worker and returns when its REST API listens.
     *
     * @param workerProperties a cluster's configuration of a worker
     * @param pluginPath       the folder in which each folder is a plugin
     * @param bootstrapServers the Kafka to use
     * @param port             of the REST API; 0 takes a free one
     * @param mongodbUri       what <code>${env:CHARLA_MONGODB_URI}</code> in a connector's configuration stands for
     */
    public static ConnectWorker start(Path workerProperties, Path pluginPath, String bootstrapServers, int port,
            String mongodbUri) throws IOException {
        Map<String, String> settings = new HashMap<>();
        Properties properties = new Properties();
        String text = Files.readString(workerProperties);
        properties.load(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text));
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("plugin.path", pluginPath.toAbsolutePath().toString());
        settings.put("listeners", "http://127.0.0.1:" + port);
        settings.put("rest.extension.classes", BoundedBodies.class.getName());
        settings.put("offset.storage.partitions", "1");
        settings.put("status.storage.partitions", "1");
        settings.put("config.providers.env.class", GivenValues.class.getName());
        settings.put("config.providers.env.param.CHARLA_MONGODB_URI", mongodbUri);
        // There is one worker, so nobody comes back whose tasks are worth waiting for; and after a kill the dead
        // worker's session is over by the time that the new one has started.
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        settings.put("session.timeout.ms", "4000");
        settings.put("heartbeat.interval.ms", "1000");
        settings.put("task.shutdown.graceful.timeout.ms", "5000");
        TaskReports reports = TaskReports.open(bootstrapServers, settings.get("status.storage.topic"));
        try {
            ConnectWorker worker = new ConnectWorker(new ConnectDistributed().startConnect(settings), reports);
            leaveStoppingToTheOwner();
            return worker;
        } catch (RuntimeException e) {
            reports.close();
            throw e;
        }
    }

    /**
     * Jetty stops the REST API by itself when the process is told to end. At the same time as {@link #close} that may
     * fail, and then the worker doesn't stop.
     */
    private static void leaveStoppingToTheOwner() {
        try {
            Runtime.getRuntime().removeShutdownHook(ShutdownThread.getInstance());
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }

    /** Where its REST API listens, without a slash at the end. */
    public URI url() {
        String url = connect.rest().advertisedUrl().toString();
        return URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    /**
     * Waits for the worker to end by itself, which it does when it can't go on.
     *
     * @return whether it still works after that time
     */
    public boolean isAlive(Duration wait) throws InterruptedException {
        try {
            connect.herderTask().get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /**
     * Asks the worker itself: others may keep its REST API busy.
     *
     * @throws IllegalStateException if the connector or one of its tasks has failed; the message says why
     */
    public void requireNotFailed(String name) {
        try {
            ConnectorStateInfo status = connect.herder().connectorStatus(name);
            requireNotFailed(name, status.connector().state(), status.connector().trace());
            status.tasks().forEach(task -> requireNotFailed(name, task.state(), task.trace()));
        } catch (NotFoundException e) {
            // It was deleted.
        }
    }

    /**
     * Gives a connector its configuration and returns when it and all its tasks run.
     *
     * @param name   of the connector
     * @param config one JSON object of settings
     * @param limit  how long it may take
     * @throws IllegalStateException if the worker refuses the configuration, or the connector fails or doesn't start
     *                               in time; the message says why
     */
    public void deploy(String name, Path config, Duration limit) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        JsonNode wanted = json.readTree(config.toFile());
        JsonNode present = settings(name);
        // The same configuration again would restart the connector for nothing.
        if (!wanted.equals(present)) {
            put(name, wanted, deadline);
        }
        while (!isRunning(name, present, wanted)) {
            if (Instant.now().isAfter(deadline)) {
                requireNotFailed(name);
                throw new IllegalStateException("connector " + name + " does not run: " + get(name + "/status"));
            }
            reports.await(POLL);
        }
    }

    /** Empty where there is no such connector. */
    private JsonNode settings(String name) throws IOException, InterruptedException {
        JsonNode settings = get(name + "/config");
        if (settings instanceof ObjectNode object) {
            // What the worker adds, and the mark of `./charla connectors apply`.
            object.remove(List.of("name", "charla.managed"));
        }
        return settings;
    }

    private void put(String name, JsonNode settings, Instant deadline) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(name + "/config").header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings.toString()));
        HttpResponse<String> response = send(request);
        // A worker that has just started, or is about to share out its tasks, asks to come again.
        while (isTransient(response.statusCode()) && Instant.now().isBefore(deadline)) {
            Thread.sleep(POLL.toMillis());
            response = send(request);
        }
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException("connector " + name + " was refused: " + message(response));
        }
    }

    /**
     * Whether each task that the connector is to have has reported that it runs.
     *
     * @param present what the connector was configured with before it was given the settings that are wanted
     */
    private boolean isRunning(String name, JsonNode present, JsonNode wanted)
            throws IOException, InterruptedException {
        JsonNode tasks = get(name + "/tasks");
        for (JsonNode task : tasks) {
            String state = reports.of(name, task.path("id").path("task").asInt());
            if (state.equals("FAILED")) {
                requireNotFailed(name);
            }
            if (!state.equals("RUNNING") || isOfBefore(task.path("config"), present, wanted)) {
                return false;
            }
        }
        return !tasks.isEmpty();
    }

    private static boolean isOfBefore(JsonNode config, JsonNode present, JsonNode wanted) {
        for (Map.Entry<String, JsonNode> setting : present.properties()) {
            if (!setting.getValue().equals(wanted.get(setting.getKey()))
                    && setting.getValue().equals(config.get(setting.getKey()))) {
                return true;
            }
        }
        return false;
    }

    private static void requireNotFailed(String name, String state, String trace) {
        if (state.equals("FAILED")) {
            throw new IllegalStateException(
                    "connector " + name + " failed: " + (trace == null ? "" : trace).lines().findFirst().orElse(""));
        }
    }

    private static boolean isTransient(int statusCode) {
        return statusCode == 409 || statusCode == 404 || statusCode >= 500;
    }

    private String message(HttpResponse<String> response) throws IOException {
        return json.readTree(response.body()).path("message").asText(response.body());
    }

    /** The answer; empty where there is none, since there is no such thing yet. */
    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path).GET());
        return response.statusCode() == 200 ? json.readTree(response.body()) : MissingNode.getInstance();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + "/connectors/" + path)).timeout(Duration.ofSeconds(15));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Commits what the sinks have written and stops. */
    @Override
    public void close() {
        reports.close();
        connect.stop();
        try {
            connect.herderTask().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new UncheckedIOException(new IOException("Kafka Connect did not stop cleanly", e));
        }
    }
}
