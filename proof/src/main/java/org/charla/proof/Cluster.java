package org.charla.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.charla.testing.Checkout;
import org.charla.testing.Java;
import org.charla.testing.Mongod;
import org.charla.testing.ReplicaSet;

/**
 * All of Charla on this machine, each part a process of its own with the settings that are shipped: brokers that are
 * controllers too, instances of the streams app, Connect workers, and a replica set of three mongods. It is gone when
 * it is closed.
 */
final class Cluster implements AutoCloseable {

    static final String APPLICATION = "charla-streams";
    static final String CHANNELS_APPLICATION = APPLICATION + "-channels";
    static final String REQUESTS = APPLICATION + "-channel-requests";
    static final List<String> CONNECTORS = List.of("users-sink", "channels-sink", "channel-messages-sink");

    private static final int FLOOD_PER_MINUTE = 60;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final int CONNECT_LIMIT_MS = 2_000;
    private static final String DATABASE = "chat";
    /** They live shortly: what the second compiler finds out is of no use to them. */
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "-Djava.awt.headless=true");
    private static final int DISK_MB = 3_000;
    private static final int STATE_DISK_MB = 600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int flood;
    private final Network network;
    private final String bootstrapServers;
    private final List<Part> brokers = new ArrayList<>();
    private final List<Part.Jvm> apps = new ArrayList<>();
    private final List<Part.Jvm> workers = new ArrayList<>();
    private final List<Part.Member> members = new ArrayList<>();
    private final List<String> workerUrls = new ArrayList<>();
    /** Of the last broker, the last app and the last member. */
    private final List<Disk> disks = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Thread atTheEnd = new Thread(this::stop);
    private ReplicaSet replicaSet;
    private MongoClient mongo;
    private Admin admin;

    /**
     * Starts all and returns when the connectors run.
     *
     * @param folder empty, for all that it writes
     * @param flood how many events of a user are let pass at once
     * @param home the checkout, which is built, that instances and workers are of
     */
    Cluster(Path folder, int brokerCount, int appCount, int workerCount, int flood, Path home) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.flood = flood;
        // Namespaces and file systems would outlive this process.
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        network = new Network(brokerCount);
        try {
            bootstrapServers = prepareBrokers(brokerCount);
            for (Part broker : brokers) {
                broker.start();
            }
            disks.add(new Disk(folder.resolve("mongod/m2"), DISK_MB));
            replicaSet = ReplicaSet.start(folder.resolve("mongod"));
            for (Mongod member : replicaSet.members()) {
                members.add(new Part.Member("mongod " + members.size(), member));
            }
            mongo = MongoClients.create(replicaSet.uri());
            admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
            await("brokers", () -> admin.describeCluster().nodes().get().size() == brokerCount);
            prepareApps(appCount, home);
            for (Part app : apps) {
                app.start();
            }
            prepareWorkers(workerCount, home);
            for (Part worker : workers) {
                worker.start();
            }
            await("topics", () -> admin.listTopics().names().get().containsAll(
                    List.of(Oracle.RAW, Oracle.USERS, Oracle.CHANNELS, Oracle.REJECTED, Oracle.REFUSALS, REQUESTS)));
            for (String connector : CONNECTORS) {
                deploy(connector);
            }
            await("connectors", () -> failedTasks().isEmpty());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private String prepareBrokers(int count) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            ports.add(network.freePort());
        }
        String servers = IntStream.range(0, count).mapToObj(i -> network.address(i) + ":" + ports.get(i))
                .collect(Collectors.joining(","));
        String voters = IntStream.range(0, count)
                .mapToObj(i -> i + 1 + "@" + network.address(i) + ":" + ports.get(count + i))
                .collect(Collectors.joining(","));
        String clusterId = Uuid.randomUuid().toString();
        for (int i = 0; i < count; i++) {
            Path data = folder.resolve("kafka-" + i);
            if (i == count - 1) {
                disks.add(new Disk(data, DISK_MB));
            }
            Path own = data.resolve("log");
            Properties settings = load(Checkout.BROKER);
            String copies = Integer.toString(count);
            String enough = Integer.toString(Math.max(1, count - 1));
            settings.putAll(Map.ofEntries(Map.entry("process.roles", "broker,controller"),
                    Map.entry("node.id", Integer.toString(i + 1)), Map.entry("controller.quorum.voters", voters),
                    Map.entry("controller.listener.names", "CONTROLLER"),
                    Map.entry("listeners", "CLIENTS://" + network.address(i) + ":" + ports.get(i) + ",CONTROLLER://"
                            + network.address(i) + ":" + ports.get(count + i)),
                    Map.entry("inter.broker.listener.name", "CLIENTS"),
                    Map.entry("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                    Map.entry("log.dirs", own.toString()), Map.entry("default.replication.factor", copies),
                    Map.entry("min.insync.replicas", enough), Map.entry("offsets.topic.replication.factor", copies),
                    Map.entry("transaction.state.log.replication.factor", copies),
                    Map.entry("transaction.state.log.min.isr", enough),
                    // A dead one is missed soon.
                    Map.entry("broker.session.timeout.ms", "3000"), Map.entry("broker.heartbeat.interval.ms", "500"),
                    Map.entry("replica.lag.time.max.ms", "5000")));
            format(own, clusterId, i + 1);
            brokers.add(new Part.Jvm("broker " + i, folder.resolve("kafka-" + i + ".log"), Map.of(),
                    network.where(i, java(List.of("-Xms128m", "-Xmx448m"), System.getProperty("java.class.path"),
                            "kafka.Kafka", store(settings, "kafka-" + i)))));
        }
        return servers;
    }

    private static void format(Path directory, String clusterId, int node) throws Exception {
        new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(clusterId).setNodeId(node).setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString()).setDirectories(List.of(directory.toString()))
                .setFeatureLevel("streams.version", (short) 1).run();
    }

    private void prepareApps(int count, Path home) throws IOException {
        for (int i = 0; i < count; i++) {
            Path state = Files.createDirectories(stateFolder(i));
            if (i == count - 1) {
                disks.add(new Disk(state, STATE_DISK_MB));
            }
            apps.add(new Part.Jvm("streams app " + i, folder.resolve("streams-" + i + ".log"), Map.of(), app(i, home)));
        }
    }

    private List<String> app(int index, Path home) throws IOException {
        Properties settings = load(home.resolve("config/streams.properties"));
        settings.putAll(Map.ofEntries(Map.entry("bootstrap.servers", bootstrapServers),
                Map.entry("state.dir", stateFolder(index).toString()),
                Map.entry("raw.partitions", Integer.toString(Generator.PARTITIONS)),
                Map.entry("flood.limit.burst", Integer.toString(flood)),
                Map.entry("flood.limit.per.minute", Integer.toString(FLOOD_PER_MINUTE)),
                // All are made within seconds.
                Map.entry("channels.per.user.burst", "100000"), Map.entry("channels.per.user.per.hour", "100000"),
                Map.entry("channels.burst", "100000"), Map.entry("channels.per.hour", "100000"),
                Map.entry("channel.creation.timeout.ms", "30000")));
        return java(List.of("-Xms64m", "-Xmx320m", "-XX:+ExitOnOutOfMemoryError"),
                home.resolve("streams-app/target/charla-streams-app.jar") + ":"
                        + home.resolve("streams-app/target/lib") + "/*",
                "org.charla.streams.Main", store(settings, "streams-" + index));
    }

    private void prepareWorkers(int count, Path home) throws IOException {
        for (int i = 0; i < count; i++) {
            workerUrls.add("http://127.0.0.1:" + network.freePort());
            workers.add(new Part.Jvm("worker " + i, folder.resolve("worker-" + i + ".log"),
                    Map.of("CHARLA_MONGODB_URI", replicaSet.uri()), worker(i, home)));
        }
    }

    private List<String> worker(int index, Path home) throws IOException {
        Properties settings = load(home.resolve("config/connect-worker.properties"));
        settings.putAll(Map.of("bootstrap.servers", bootstrapServers, "listeners", workerUrls.get(index),
                "plugin.path", home.resolve("connect/target/plugin").toString(),
                // As in docker-compose.yml.
                "scheduled.rebalance.max.delay.ms", "0", "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "2000",
                // So that it is known soon what was written.
                "offset.flush.interval.ms", "2000"));
        return java(List.of("-Xms64m", "-Xmx384m"), System.getProperty("java.class.path"),
                "org.apache.kafka.connect.cli.ConnectDistributed", store(settings, "worker-" + index));
    }

    /** Makes an instance of the streams app one of another checkout from its next start on. */
    void appIs(int index, Path home) throws IOException {
        apps.get(index).is(app(index, home));
    }

    /** The same of a worker and its plugin. */
    void workerIs(int index, Path home) throws IOException {
        workers.get(index).is(worker(index, home));
    }

    private static List<String> java(List<String> options, String classPath, String main, String file) {
        List<String> all = new ArrayList<>(JVM);
        all.addAll(options);
        return Java.command(all, classPath, main, file);
    }

    private static Properties load(Path file) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            settings.load(in);
        }
        return settings;
    }

    private String store(Properties settings, String name) throws IOException {
        Path file = folder.resolve(name + ".properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        return file.toString();
    }

    private void deploy(String name) throws Exception {
        JsonNode settings = JSON.readTree(Checkout.connector(name).toFile());
        await(name, () -> {
            int status = request("PUT", "/" + name + "/config", settings.toString()).statusCode();
            return status == 200 || status == 201;
        });
    }

    /** Those of the connectors' tasks that don't run, as {@code connector/number STATE}. */
    List<String> failedTasks() throws Exception {
        List<String> failed = new ArrayList<>();
        for (String connector : CONNECTORS) {
            JsonNode status = JSON.readTree(request("GET", "/" + connector + "/status", null).body());
            if (status.path("tasks").isEmpty()) {
                failed.add(connector + " has no tasks");
            }
            status.path("tasks").forEach(task -> {
                if (!task.path("state").asText().equals("RUNNING")) {
                    failed.add(connector + "/" + task.path("id").asInt() + " " + task.path("state").asText() + " "
                            + task.path("trace").asText().lines().findFirst().orElse(""));
                }
            });
        }
        return failed;
    }

    /** As who watches over them does. */
    void restartFailedTasks() throws Exception {
        for (String connector : CONNECTORS) {
            request("POST", "/" + connector + "/restart?includeTasks=true&onlyFailed=true", "");
        }
    }

    /** Returns when no task runs. */
    void stopConnectors() throws Exception {
        for (String connector : CONNECTORS) {
            await(connector + " stopped", () -> {
                request("PUT", "/" + connector + "/stop", "");
                JsonNode status = JSON.readTree(request("GET", "/" + connector + "/status", null).body());
                return status.path("connector").path("state").asText().equals("STOPPED")
                        && status.path("tasks").isEmpty();
            });
        }
    }

    /** Those that were stopped, from the beginning of their topics. */
    void startConnectorsAnew() throws Exception {
        for (String connector : CONNECTORS) {
            await(connector + " anew", () ->
                    request("DELETE", "/" + connector + "/offsets", null).statusCode() == HttpURLConnection.HTTP_OK);
            await(connector + " started", () -> request("PUT", "/" + connector + "/resume", "").statusCode()
                    == HttpURLConnection.HTTP_ACCEPTED);
        }
    }

    /** Of the first worker that answers. */
    private HttpResponse<String> request(String method, String path, String body) throws Exception {
        IOException silence = null;
        for (String url : workerUrls) {
            try {
                return http.send(HttpRequest.newBuilder(URI.create(url + "/connectors" + path)).timeout(ANSWER_LIMIT)
                        .header("Content-Type", "application/json")
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build(),
                        BodyHandlers.ofString());
            } catch (IOException e) {
                silence = e;
            }
        }
        throw silence == null ? new IOException("there is no worker") : silence;
    }

    /** Waits until something is so; what fails meanwhile is tried again. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, LIMIT, condition);
    }

    static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (IOException | ExecutionException | RuntimeException e) {
                last = e;
            }
            if (System.nanoTime() > deadline) {
                TimeoutException late = new TimeoutException("not within " + limit.toSeconds() + " s: " + what);
                late.initCause(last);
                throw late;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    List<Part> brokers() {
        return brokers;
    }

    List<Part.Jvm> apps() {
        return apps;
    }

    List<Part.Jvm> workers() {
        return workers;
    }

    List<Part.Member> members() {
        return members;
    }

    Network network() {
        return network;
    }

    Admin admin() {
        return admin;
    }

    MongoDocuments documents() {
        return new MongoDocuments(mongo.getDatabase(DATABASE));
    }

    /** The disk of the last broker. */
    Disk brokerDisk() {
        return disks.get(0);
    }

    /** The disk of the last member. */
    Disk memberDisk() {
        return disks.get(1);
    }

    /** The disk of the last instance of the streams app. */
    Disk appDisk() {
        return disks.get(2);
    }

    Path stateFolder(int app) {
        return folder.resolve("state-" + app);
    }

    Path memberFolder(int member) {
        return folder.resolve("mongod/m" + member);
    }

    /** For a copy of a member's files; it isn't there before. */
    Path backupFolder() {
        return folder.resolve("mongod/backup");
    }

    /** The member that is primary now. */
    Part.Member primary() {
        Mongod primary = replicaSet.primary(mongo);
        return members.stream().filter(member -> member.is(primary)).findFirst().orElseThrow();
    }

    void stepDown() {
        replicaSet.stepDown(mongo);
    }

    boolean allBrokersListen() throws IOException {
        for (String server : bootstrapServers.split(",")) {
            int colon = server.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(server.substring(0, colon),
                        Integer.parseInt(server.substring(colon + 1))), CONNECT_LIMIT_MS);
            }
        }
        return true;
    }

    /** The broker that leads the quorum now. */
    int controller() throws InterruptedException, ExecutionException {
        return admin.describeMetadataQuorum().quorumInfo().get().leaderId() - 1;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
        stop();
    }

    private void stop() {
        List<Part> all = new ArrayList<>(workers);
        all.addAll(apps);
        all.addAll(brokers);
        all.stream().filter(Part::isAlive).forEach(Part::kill);
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        if (mongo != null) {
            mongo.close();
        }
        if (replicaSet != null) {
            replicaSet.close();
        }
        network.close();
        Map<Disk, IOException> left = new HashMap<>();
        for (Disk disk : disks) {
            try {
                disk.close();
            } catch (IOException e) {
                left.put(disk, e);
            }
        }
        left.values().forEach(e -> System.err.println("a file system is left: " + e.getMessage()));
    }
}
