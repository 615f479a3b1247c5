package org.charla.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.charla.testing.ChildProcess;

/**
 * All parts of Charla, each in a process of its own with the options of its JVM and the settings that its container gives
 * it, on a copy of a backlog; in a folder that is gone when it is closed. The broker is its own controller, no image's
 * exporters of metrics run, and nobody asks for the parts' health.
 */
final class Parts implements AutoCloseable {

    static final String STREAMS_APP = "streams app";
    static final String BROKER = "broker";
    static final String WORKER = "Connect worker";
    static final String MONGOD = "mongod";

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final List<String> BROKER_OPTIONS = List.of("-Xms256m", "-Xmx512m");
    /** 40 % of the container's memory. */
    private static final List<String> STREAMS_APP_OPTIONS =
            List.of("-Xmx410m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError");

    private final Path folder;
    private final Broker broker;
    private Database database;
    private Worker worker;
    private ChildProcess streamsApp;

    /** Returns when the whole backlog is in MongoDB, each message once. */
    Parts(Backlog backlog, Path work) throws Exception {
        folder = work.resolve("run");
        Backlog.delete(folder);
        broker = backlog.broker(kafkaFolder(), work.resolve("broker.log"), BROKER_OPTIONS);
        try {
            database = new Database(folder.resolve("mongod"));
            worker = Worker.start(folder, "charla-connect", broker.bootstrapServers(), database.uri());
            for (String small : List.of("users-sink", "channels-sink")) {
                worker.deploy(small, Worker.configuration(small));
            }
            String channels = "channel-messages-sink";
            worker.deploy(channels, Worker.configuration(channels));
            worker.awaitShared(channels, backlog.workload().channels());
            streamsApp = startStreamsApp();
            awaitWritten(backlog);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private ChildProcess startStreamsApp() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path settings = Files.write(folder.resolve("streams.properties"), List.of(
                "bootstrap.servers=" + broker.bootstrapServers(), "state.dir=" + stateFolder(),
                "http.listen=127.0.0.1:" + port));
        return ChildProcess.start(folder.resolve("streams.log"), Map.of(),
                Contender.streamsApp(STREAMS_APP_OPTIONS, settings));
    }

    private void awaitWritten(Backlog backlog) throws IOException, InterruptedException {
        Workload workload = backlog.workload();
        long messages = workload.messages(backlog.events());
        try (Progress progress = new Progress(broker.bootstrapServers(), Contender.CHARLA.group())) {
            streamsApp.await("is through", LIMIT, () -> progress.done() >= backlog.events());
        }
        worker.process().await("has written all", LIMIT, () -> database.users() == workload.users()
                && database.messages(workload) == messages);
    }

    ChildProcess streamsApp() {
        return streamsApp;
    }

    /** The processor time of each so far. */
    Map<String, Duration> cpu() {
        Map<String, Duration> all = new LinkedHashMap<>();
        all.put(STREAMS_APP, streamsApp.cpu());
        all.put(BROKER, broker.process().cpu());
        all.put(WORKER, worker.process().cpu());
        all.put(MONGOD, database.cpu());
        return all;
    }

    /** The ids of the processes that are JVMs. */
    Map<String, Long> jvms() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put(STREAMS_APP, streamsApp.pid());
        all.put(BROKER, broker.process().pid());
        all.put(WORKER, worker.process().pid());
        return all;
    }

    Database database() {
        return database;
    }

    Path stateFolder() {
        return folder.resolve("state");
    }

    Path kafkaFolder() {
        return folder.resolve("kafka");
    }

    @Override
    public void close() throws IOException {
        if (streamsApp != null) {
            streamsApp.kill();
        }
        if (worker != null) {
            worker.close();
        }
        if (database != null) {
            database.close();
        }
        broker.close();
        Backlog.delete(folder);
    }
}
