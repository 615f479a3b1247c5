package org.charla.standalone;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.internals.Exit;
import org.bson.Document;
import org.charla.client.Charla;
import org.charla.client.command.Settings;
import org.charla.client.terminal.CommandFailure;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.Deployer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.protocol.EventRules;
import org.charla.protocol.Topics;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

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

    /** What all the rest takes under load, and twice the 110 KB that a channel was measured to hold. */
    private static final long HEAP_WITHOUT_CHANNELS = 300L << 20;
    private static final long HEAP_OF_A_CHANNEL = 220L << 10;

    /** Partitions of the parts' own topics, some hundred, and of those that people make to try something out. */
    private static final int PARTITIONS_OF_OTHERS = 500;

    private static final Duration RUNNING_LIMIT = Duration.ofSeconds(60);

    /** What an option takes for a port. */
    private static final class Port implements ITypeConverter<Integer> {

        private static final int MAX = 65_535;

        @Override
        public Integer convert(String text) {
            int port = Integer.parseInt(text);
            if (port < 0 || port > MAX) {
                throw new TypeConversionException("a port is 0 to " + MAX);
            }
            return port;
        }
    }

    @ParentCommand
    private Charla charla;

    @Option(names = "--data-dir", paramLabel = "DIR")
    private Path dataDir;

    @Option(names = "--kafka-port", paramLabel = "N", defaultValue = "9092", converter = Port.class)
    private int kafkaPort;

    @Option(names = "--connect-port", paramLabel = "N", defaultValue = "8083", converter = Port.class)
    private int connectPort;

    @Option(names = "--mongodb-port", paramLabel = "N", defaultValue = "27017", converter = Port.class)
    private int mongodbPort;

    @Option(names = "--no-chat")
    private boolean noChat;

    private final Path home = Path.of(System.getProperty("charla.home", "")).toAbsolutePath().normalize();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private String mongodbUri;
    private Settings servers;
    /** Null until it is taken. */
    private volatile DataFolder data;
    /** The first who sets it, an error or a signal, decides how the process ends. */
    private final AtomicBoolean ending = new AtomicBoolean();

    /** Never returns: whatever ends a standalone ends the process, with the status that goes with it. */
    @Override
    public Integer call() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "standalone-stop"));
        try {
            mongodbUri = charla.mongodbUriOption().orElse(null);
            if (mongodbUri == null) {
                requireFree(mongodbPort, "--mongodb-port");
            } else {
                requireMongodb();
            }
            requireFree(kafkaPort, "--kafka-port");
            requireFree(connectPort, "--connect-port");
            Path plugins = Path.of(System.getProperty("charla.plugins")).toAbsolutePath();
            if (plugins.toString().contains(",")) {
                throw new StartException("Charla lies in " + home
                        + ": Kafka Connect takes a comma for the end of a path, so move it elsewhere");
            }
            start(DataFolder.take(dataDir == null ? usualData() : dataDir.toAbsolutePath()), plugins);
        } catch (Exception e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            if (cause instanceof StartException) {
                refuse(cause.getMessage());
            } else {
                fail(reason(cause), cause);
            }
        }
        if (!noChat && charla.isInteractive()) {
            chat();
        }
        Thread.currentThread().join();
        return 0;
    }

    private static Path usualData() {
        String folder = System.getProperty("charla.data");
        if (folder.isEmpty()) {
            throw new StartException("neither HOME nor XDG_DATA_HOME says where data is kept: choose a folder with"
                    + " --data-dir");
        }
        return Path.of(folder);
    }

    private void start(DataFolder folder, Path plugins) throws Exception {
        data = folder;
        LogFiles.writeTo(data.logs());
        // Where libraries put native code and do not take it away when the process is killed.
        System.setProperty("java.io.tmpdir", data.temporary().toString());
        Exit.setExitProcedure((status, message) -> fail("Kafka Connect has ended", null));
        Exit.setHaltProcedure((status, message) -> fail("Kafka has ended", null));
        // What a part would do by itself when the process is told to stop: stop() does it, in its order.
        Exit.setShutdownHookAdder((name, hook) -> { });
        say("starting Kafka" + (mongodbUri == null ? " and the MongoDB stand-in" : "") + " in " + data.path());
        // At the same time: the store reads its file while Kafka waits for the registration of a killed broker to end.
        CompletableFuture<String> mongodb = mongodbUri != null ? CompletableFuture.completedFuture(mongodbUri)
                : inParallel("store-start",
                        () -> add(EmbeddedStore.start(data.store(), mongodbPort, this::fail)).uri());
        EmbeddedKafka kafka = add(EmbeddedKafka.start(home.resolve("config/broker.properties"), data.kafka(), kafkaPort,
                Map.of(EmbeddedKafka.PACED_TOPIC, Topics.RAW, EmbeddedKafka.MOST_PARTITIONS,
                        Integer.toString(mostChannels(Runtime.getRuntime().maxMemory()) + PARTITIONS_OF_OTHERS)),
                this::fail));
        say("starting Kafka Connect and the streams app");
        String uri = mongodb.join();
        CompletableFuture<StreamsApp> app = inParallel("streams-app-start", () -> startStreamsApp(kafka));
        ConnectWorker connect = add(ConnectWorker.start(home.resolve("config/connect-worker.properties"),
                plugins, kafka.bootstrapServers(), connectPort, uri));
        List<String> connectors = Deployer.apply(
                ConnectSettings.of(connect.url().toString(), Map.of(), Map.of(), Map.of()),
                List.of(home.resolve("config/connectors")), DEPLOY_LIMIT, log()::info);
        app.join();
        watch(connect, connectors);
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
        say("the chat is closed, the servers go on: charla chat opens it again, Ctrl-C stops them");
    }

    private StreamsApp startStreamsApp(EmbeddedKafka kafka) throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put(StreamsAppConfig.ENV_PREFIX + "BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put(StreamsAppConfig.ENV_PREFIX + "STATE_DIR", data.streams().toString());
        StreamsApp app = add(StreamsApp.start(withOperators(
                StreamsAppConfig.load(home.resolve("config/streams.properties"), environment)
                        .withAtMostChannels(mostChannels(Runtime.getRuntime().maxMemory())))));
        app.failure().thenAccept(error -> fail("the streams app gave up: " + reason(error), error));
        if (!app.awaitRunning(RUNNING_LIMIT)) {
            throw new StartException("the streams app was not running within " + RUNNING_LIMIT.toSeconds() + " s");
        }
        return app;
    }

    /** Whoever starts it may do all, and import without a flood limit: by the names that their commands take for them. */
    private StreamsAppConfig withOperators(StreamsAppConfig config) {
        StreamsAppConfig all = config;
        try {
            for (String user : Set.copyOf(List.of(charla.settings().user(), Settings.MACHINE_USER))) {
                if (EventRules.isUserId(user)) {
                    all = all.withOperator(user, charla.keys().obtain(user).publicKey());
                }
            }
        } catch (CommandFailure e) {
            say("nobody is an operator here: " + e.getMessage());
            return config;
        }
        return all;
    }

    /** How many channels a heap carries: each is a topic, a collection and a partition of the sink's in this process. */
    static int mostChannels(long heapBytes) {
        return (int) Math.max(100, (heapBytes - HEAP_WITHOUT_CHANNELS) / HEAP_OF_A_CHANNEL);
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

    private void watch(ConnectWorker connect, List<String> connectors) {
        Thread watch = new Thread(() -> {
            try {
                while (connect.isAlive(WATCH_INTERVAL)) {
                    for (String name : connectors) {
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
    private void stop() {
        if (ending.getAndSet(true)) {
            awaitHalt();
        }
        say("stopping");
        int status = 0;
        synchronized (this) {
            for (AutoCloseable part : running) {
                try {
                    part.close();
                } catch (Exception e) {
                    status = 1;
                    log().error("while stopping", e);
                    say(reason(e));
                }
            }
            if (data != null) {
                data.clearTemporary();
            }
        }
        Runtime.getRuntime().halt(status);
    }

    /** For a thread that was too late to decide how the process ends. */
    private static void awaitHalt() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String reason, Throwable cause) {
        if (!ending.getAndSet(true)) {
            log().error(reason, cause);
            say(data == null ? reason : reason + "; see " + data.logs());
            Runtime.getRuntime().halt(1);
        }
    }

    private void refuse(String reason) {
        if (!ending.getAndSet(true)) {
            say(reason);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Not in a field: this class is looked at by commands, too, that log nothing and are in a hurry. */
    private static Logger log() {
        return LoggerFactory.getLogger(StandaloneCommand.class);
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

    private static String reason(Throwable e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
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
