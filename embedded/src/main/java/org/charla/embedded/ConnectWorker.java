package org.charla.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.eclipse.jetty.util.thread.ShutdownThread;

/**
 * A Kafka Connect worker in this process, with a cluster's own configuration but for what is particular to one
 * process on one machine: nobody else works in its group. It is spoken to through its REST API, as any worker.
 */
public final class ConnectWorker implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** On standard error it would tell, in a hundred lines, of each peer that doesn't wait for its answer. */
    private static final Logger JERSEY = Logger.getLogger("org.glassfish.jersey");

    private final Connect<DistributedHerder> connect;

    private ConnectWorker(Connect<DistributedHerder> connect) {
        this.connect = connect;
    }

    /**
     * Starts a worker and returns when its REST API listens, which tells nothing of the time before.
     *
     * @param workerProperties a cluster's configuration of a worker
     * @param pluginPath       the folder in which each folder is a plugin
     * @param bootstrapServers the Kafka to use
     * @param port             of the REST API; 0 takes a free one
     * @param mongodbUri       what <code>${env:CHARLA_MONGODB_URI}</code> in a connector's configuration stands for
     * @throws IOException if the file can't be read, or Kafka does not answer
     */
    public static ConnectWorker start(Path workerProperties, Path pluginPath, String bootstrapServers, int port,
            String mongodbUri) throws IOException, InterruptedException {
        Map<String, String> settings = SettingsFile.read(workerProperties);
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
        JERSEY.setLevel(Level.OFF);
        forgetPredecessors(bootstrapServers, settings.get("status.storage.topic"));
        ConnectWorker worker = new ConnectWorker(new ConnectDistributed().startConnect(settings));
        leaveStoppingToTheOwner();
        return worker;
    }

    /**
     * Deletes what workers before this one have written down of what they ran: its REST API would tell that of a killed
     * one's tasks, as if they ran, until it has started them itself. The worker makes the topic anew.
     */
    private static void forgetPredecessors(String bootstrapServers, String statuses)
            throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteTopics(List.of(statuses)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw new IOException("the topic " + statuses + " can't be made anew", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new IOException("the topic " + statuses + " can't be made anew", e);
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

    private static void requireNotFailed(String name, String state, String trace) {
        if (state.equals("FAILED")) {
            throw new IllegalStateException(
                    "connector " + name + " failed: " + (trace == null ? "" : trace).lines().findFirst().orElse(""));
        }
    }

    /** Commits what the sinks have written and stops. */
    @Override
    public void close() {
        connect.stop();
        try {
            connect.herderTask().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new UncheckedIOException(new IOException("Kafka Connect did not stop cleanly", e));
        }
    }
}
