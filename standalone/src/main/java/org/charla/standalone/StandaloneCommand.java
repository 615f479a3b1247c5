package org.charla.standalone;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Exit;
import org.bson.Document;
import org.charla.client.Charla;
import org.charla.client.Settings;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * Kafka, Kafka Connect, a stand-in for MongoDB and the streams app in this process, until it is told to stop.
 *
 * <p>It is made for being killed: what was acknowledged is on disk, and the next start goes on from there. So a part
 * that fails ends the process at once instead of leaving half of it running.
 */
@Command(name = "standalone", sortOptions = false)
public final class StandaloneCommand implements Callable<Integer> {

    private static final Duration DEPLOY_LIMIT = Duration.ofSeconds(60);
    private static final Duration MONGODB_LIMIT = Duration.ofSeconds(5);
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);

    private static final Duration RUNNING_LIMIT = Duration.ofSeconds(60);

    @ParentCommand
    private Charla charla;

    @Option(names = "--data-dir", paramLabel = "DIR")
    private Path dataDir;

    @Option(names = "--kafka-port", paramLabel = "N", defaultValue = "9092")
    private int kafkaPort;

    @Option(names = "--connect-port", paramLabel = "N", defaultValue = "8083")
    private int connectPort;

    @Option(names = "--mongodb-port", paramLabel = "N", defaultValue = "27017")
    private int mongodbPort;

    @Option(names = "--no-chat")
    private boolean noChat;

    private final Path home = Path.of(System.getProperty("charla.home", "")).toAbsolutePath().normalize();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private String mongodbUri;
    private Settings servers;
    private final AtomicBoolean stopping = new AtomicBoolean();

    @Override
    public Integer call() throws Exception {
        try {
            mongodbUri = charla.mongodbUriOption().orElse(null);
            if (mongodbUri == null) {
                requireFree(mongodbPort, "--mongodb-port");
            } else {
                requireMongodb();
            }
            requireFree(kafkaPort, "--kafka-port");
            requireFree(connectPort, "--connect-port");
            DataFolder data = DataFolder.take(dataDir == null ? home.resolve("data") : dataDir.toAbsolutePath());
            logTo(data.logs());
            start(data);
        } catch (StartException e) {
            say(e.getMessage());
            return 1;
        } catch (Exception e) {
            fail(reason(e), e);
        }
        if (!noChat && charla.isInteractive()) {
            chat();
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private void start(DataFolder data) throws Exception {
        Exit.setExitProcedure((status, message) -> fail("Kafka Connect has ended", null));
        Exit.setHaltProcedure((status, message) -> fail("Kafka has ended", null));
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "standalone-stop"));
        say("starting Kafka" + (mongodbUri == null ? " and the MongoDB stand-in" : "") + " in "
                + data.kafka().getParent());
        // At the same time: the store reads its file while Kafka waits for the registration of a killed broker to end.
        CompletableFuture<String> mongodb = mongodbUri != null ? CompletableFuture.completedFuture(mongodbUri)
                : inParallel("store-start",
                        () -> add(EmbeddedStore.start(data.store(), mongodbPort, this::fail)).uri());
        EmbeddedKafka kafka = add(EmbeddedKafka.start(data.kafka(), kafkaPort, this::fail));
        say("starting Kafka Connect and the streams app");
        String uri = mongodb.join();
        CompletableFuture<StreamsApp> app = inParallel("streams-app-start", () -> startStreamsApp(kafka, data));
        ConnectWorker connect = add(ConnectWorker.start(home.resolve("config/connect-worker.properties"),
                home.resolve("connect/target/plugin"), kafka.bootstrapServers(), connectPort, uri));
        for (Path config : connectors()) {
            connect.deploy(name(config), config, DEPLOY_LIMIT);
        }
        app.join();
        watch(connect);
        System.out.println("ready: kafka " + kafka.bootstrapServers() + ", connect " + connect.url() + ", mongodb "
                + withoutPassword(uri));
        System.out.flush();
        servers = charla.settings().withServers(kafka.bootstrapServers(), uri);
    }

    /** As somebody else would at another terminal; that it ends is no reason for the servers to end. */
    private void chat() {
        try {
            charla.chat(servers, null, null);
        } catch (Exception e) {
            say(reason(e));
        }
        say("the chat is closed, the servers go on: ./charla chat opens it again, Ctrl-C stops them");
    }

    private StreamsApp startStreamsApp(EmbeddedKafka kafka, DataFolder data) throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put(StreamsAppConfig.ENV_PREFIX + "BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put(StreamsAppConfig.ENV_PREFIX + "STATE_DIR", data.streams().toString());
        StreamsApp app = add(StreamsApp.start(
                StreamsAppConfig.load(home.resolve("config/streams.properties"), environment)));
        app.failure().thenAccept(error -> fail("the streams app gave up: " + reason(error), error));
        if (!app.awaitRunning(RUNNING_LIMIT)) {
            throw new StartException("the streams app was not running within " + RUNNING_LIMIT.toSeconds() + " s");
        }
        return app;
    }

    private static <T> CompletableFuture<T> inParallel(String name, Callable<T> start) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return start.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }, command -> new Thread(command, name).start());
    }

    private void watch(ConnectWorker connect) throws IOException {
        List<String> names = connectors().stream().map(StandaloneCommand::name).toList();
        Thread watch = new Thread(() -> {
            try {
                while (connect.isAlive(WATCH_INTERVAL)) {
                    for (String name : names) {
                        connect.requireNotFailed(name);
                    }
                }
                fail("Kafka Connect has ended", null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                fail(reason(e), e);
            }
        }, "standalone-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private synchronized <T extends AutoCloseable> T add(T part) {
        running.push(part);
        return part;
    }

    /** What was started last reads from what was started first, so it stops first. */
    private synchronized void stop() {
        stopping.set(true);
        say("stopping");
        int status = 0;
        for (AutoCloseable part : running) {
            try {
                part.close();
            } catch (Exception e) {
                status = 1;
                say(reason(e));
            }
        }
        Runtime.getRuntime().halt(status);
    }

    private void fail(String reason, Throwable cause) {
        if (!stopping.getAndSet(true)) {
            LoggerFactory.getLogger(StandaloneCommand.class).error(reason, cause);
            say(reason + "; see " + System.getProperty("charla.logs"));
            Runtime.getRuntime().halt(1);
        }
    }

    private List<Path> connectors() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("config/connectors"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static String name(Path config) {
        return config.getFileName().toString().replaceFirst("\\.json$", "");
    }

    private void requireMongodb() {
        ConnectionString uri;
        try {
            uri = new ConnectionString(mongodbUri);
        } catch (IllegalArgumentException e) {
            throw new StartException("--mongodb-uri is no MongoDB URI (mongodb://HOST:PORT)");
        }
        MongoClientSettings settings = MongoClientSettings.builder().applyConnectionString(uri)
                .applyToClusterSettings(cluster ->
                        cluster.serverSelectionTimeout(MONGODB_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .build();
        try (MongoClient client = MongoClients.create(settings)) {
            client.getDatabase("admin").runCommand(new Document("ping", 1));
        } catch (RuntimeException e) {
            throw new StartException("no MongoDB answers at " + String.join(",", uri.getHosts())
                    + ": start it, or change --mongodb-uri");
        }
    }

    private static void requireFree(int port, String option) {
        if (port < 0 || port > 65535) {
            throw new StartException(option + " " + port + " is no port: give one from 0 to 65535");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new StartException("port " + port + " is taken: choose another with " + option);
        }
    }

    /** Before the first logger is made: this class has none of its own, so that it decides where they write. */
    private static void logTo(Path folder) {
        System.setProperty("charla.logs", folder.toString());
        System.setProperty("logback.configurationFile", "logback-standalone.xml");
        // Before parts that start side by side ask for it at the same time.
        LoggerFactory.getILoggerFactory();
    }

    private static String reason(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().map(String::strip).filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String withoutPassword(String uri) {
        return uri.replaceFirst("://[^/@]*@", "://***@");
    }

    private static void say(String line) {
        System.err.println("charla: " + line);
    }
}
