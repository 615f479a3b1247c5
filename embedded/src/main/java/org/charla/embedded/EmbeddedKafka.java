package org.charla.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kafka.network.RequestChannel;
import kafka.server.ApiRequestHandler;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaApis;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.KafkaRequestHandlerPool;
import kafka.server.KafkaRequestHandlerPoolFactory;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka of one node, broker and controller at once, in this process and on the loopback address only.
 *
 * <p>What it acknowledged outlives the process, killed or not: a new instance on the same directory goes on from there.
 * Sessions of clients that died with the process end within seconds, so that their successors need not wait for them.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /**
     * A setting beside Kafka's own: the topic to which nobody may write faster than {@link PacedSenders} says. Where there is
     * one, {@link PacedReceipts} holds for all requests.
     */
    public static final String PACED_TOPIC = "charla.paced.topic";

    /** A setting beside Kafka's own: how many partitions there may be, of all topics together; without it any number. */
    public static final String MOST_PARTITIONS = "charla.most.partitions";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String HOST = "127.0.0.1";
    private static final String CLIENTS = "CLIENTS";
    private static final String CONTROLLER = "CONTROLLER";
    private static final int NODE_ID = 1;
    private static final int MOST_CONNECTIONS = 160;
    /** Of which the parts of a standalone need 60; the others are for who comes while room is made. */
    private static final int MANY_CONNECTIONS = 130;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    /** Instead of Kafka's 5 minutes: there is nobody to hand over to. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final ControllerServer controller;
    private final BrokerServer broker;

    private final AtomicReference<RoomForOthers> room;

    private EmbeddedKafka(ControllerServer controller, BrokerServer broker, AtomicReference<RoomForOthers> room) {
        this.controller = controller;
        this.broker = broker;
        this.room = room;
    }

    /**
     * Starts Kafka and returns when it serves clients.
     *
     * @param brokerProperties what it has in common with other brokers
     * @param directory        where its data lies; formatted on first use
     * @param port             to listen on; 0 takes a free one
     * @param onFailure        is told when the running Kafka meets an error that it can't go on after
     */
    public static EmbeddedKafka start(Path brokerProperties, Path directory, int port,
            BiConsumer<String, Throwable> onFailure) throws Exception {
        return start(brokerProperties, directory, port, Map.of(), onFailure);
    }

    /**
     * Like {@link #start(Path, Path, int, BiConsumer)}, with broker settings over those that are made for one process.
     */
    public static EmbeddedKafka start(Path brokerProperties, Path directory, int port, Map<String, String> more,
            BiConsumer<String, Throwable> onFailure) throws Exception {
        Map<String, Object> settings = new HashMap<>(SettingsFile.read(brokerProperties));
        settings.putAll(settings(port));
        // As a list of one: a text would be split at commas.
        settings.put("log.dirs", List.of(directory.toString()));
        settings.putAll(more);
        Object pacedTopic = settings.remove(PACED_TOPIC);
        Object mostPartitions = settings.remove(MOST_PARTITIONS);
        KafkaConfig config = new OneFolder(settings);
        format(directory);
        var ensembleAndMetadata = KafkaRaftServer.initializeLogDirs(config, log, "");
        MetaPropertiesEnsemble ensemble = ensembleAndMetadata._1();

        KafkaConfig brokerConfig = new OneFolder(settings);
        AtomicReference<RoomForOthers> room = new AtomicReference<>();
        PacedReceipts receipts = new PacedReceipts();
        KafkaRequestHandlerPoolFactory handlers = new KafkaRequestHandlerPoolFactory() {
            @Override
            public KafkaRequestHandlerPool createPool(int brokerId, RequestChannel requests, ApiRequestHandler kafka,
                    Time time, int threads, String nodeName) {
                ApiRequestHandler handler = kafka;
                if (kafka instanceof KafkaApis apis) {
                    Function<Uuid, String> topicNames = id -> apis.metadataCache().getTopicName(id).orElse(null);
                    handler = new RefusingHandler(handler, requests, Stream.of(
                            // Where there are administrators they are known by their names.
                            settings.get("authorizer.class.name") == null ? new ClosedAdministration(topicNames) : null,
                            new BoundedGroups(apis.groupCoordinator()),
                            new BoundedProducers(apis.replicaManager(), apis.txnCoordinator(), topicNames),
                            new BoundedPartitions((KRaftMetadataCache) apis.metadataCache(), mostPartitions == null
                                    ? Integer.MAX_VALUE : Integer.parseInt(mostPartitions.toString())))
                            .filter(Objects::nonNull).toList());
                    if (pacedTopic != null) {
                        handler = new PacedSenders(handler, pacedTopic.toString(), topicNames);
                    }
                    room.set(new RoomForOthers(handler, requests, MANY_CONNECTIONS));
                    handler = new BoundedAnswers(room.get(), requests, receipts);
                }
                return super.createPool(brokerId, requests,
                        new UnpackingHandler(handler, config.socketRequestMaxBytes()), time, threads, nodeName);
            }
        };
        // The controller takes a free port of its own, which the broker learns once it is bound.
        CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
        SharedServer shared = new SharedServer(config, ensemble, Time.SYSTEM,
                Server.initializeMetrics(config, Time.SYSTEM, ensemble.clusterId().orElseThrow()), voters, List.of(),
                faults(onFailure), ServerSocketFactory.INSTANCE) {
            @Override
            public KafkaRequestHandlerPoolFactory requestHandlerPoolFactory() {
                return handlers;
            }

            @Override
            public KafkaConfig brokerConfig() {
                return brokerConfig;
            }
        };
        ControllerServer controller =
                new ControllerServer(shared, KafkaRaftServer.configSchema(), ensembleAndMetadata._2());
        BrokerServer broker = new BrokerServer(shared);
        controller.socketServerFirstBoundPortFuture()
                .thenAccept(bound -> voters.complete(Map.of(NODE_ID, new InetSocketAddress(HOST, bound))));
        EmbeddedKafka kafka = new EmbeddedKafka(controller, broker, room);
        try {
            controller.startup();
            fencePredecessor(shared, controller);
            broker.startup();
            if (pacedTopic != null) {
                receipts.pace(broker.socketServer());
            }
            room.get().watch(broker.socketServer());
        } catch (Throwable e) {
            kafka.stop(Duration.ZERO);
            throw e;
        }
        return kafka;
    }

    /**
     * Keeps a folder with commas in its name one folder also when Kafka puts settings of the cluster over those that it
     * was started with: it writes all of them as texts for that, and splits this one.
     */
    private static final class OneFolder extends KafkaConfig {

        private OneFolder(Map<String, Object> settings) {
            super(settings, false);
        }

        @Override
        public List<String> logDirs() {
            return ((List<?>) originalsFromThisConfig().get("log.dirs")).stream().map(String.class::cast).toList();
        }
    }

    /** {@code HOST:PORT}, as clients want it. */
    public String bootstrapServers() {
        return bootstrapServers(CLIENTS);
    }

    /** The same of another listener, which the settings have added. */
    public String bootstrapServers(String listener) {
        return HOST + ":" + broker.boundPort(ListenerName.normalised(listener));
    }

    /** Hands over to disk what is in memory and stops; may be called again. */
    @Override
    public void close() {
        stop(STOP_LIMIT);
    }

    /** @param handOver for how long the controller may take to hand over what the broker leads; it keeps its port so long */
    private void stop(Duration handOver) {
        if (room.get() != null) {
            room.get().close();
        }
        broker.shutdown(handOver);
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }

    /**
     * Tells the controller at once that the broker of a killed process is gone, instead of leaving that to the moment
     * at which the new one registers. By then a transaction coordinator has been loaded from what the old broker led,
     * sends the markers of unfinished transactions, finds their partitions without a leader and takes them for deleted
     * (KAFKA-20734): their transactions stay open for ever, and readers stand still before them. Like this all
     * partitions, the coordinators' too, get their leader in one step when the new broker is ready.
     */
    private static void fencePredecessor(SharedServer shared, ControllerServer controller) throws Exception {
        await("the former broker to be fenced", () -> {
            OptionalLong highWatermark = shared.raftManager().client().highWatermark();
            boolean isReady = highWatermark.isPresent() && controller.controller().isActive()
                    && shared.loader().lastAppliedOffset() >= highWatermark.getAsLong() - 1;
            return isReady && isFenced(shared, controller);
        });
    }

    /** Whether it is fenced; where it is not, the controller is told to see to it. */
    private static boolean isFenced(SharedServer shared, ControllerServer controller) throws Exception {
        Optional<Long> epoch = controller.metadataCache().getAliveBrokerEpoch(NODE_ID);
        if (epoch.isEmpty()) {
            return true;
        }
        try {
            controller.controller().processBrokerHeartbeat(
                    new ControllerRequestContext(
                            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty()),
                    new BrokerHeartbeatRequestData().setBrokerId(NODE_ID).setBrokerEpoch(epoch.get())
                            .setCurrentMetadataOffset(shared.loader().lastAppliedOffset()).setWantFence(true))
                    .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (NotControllerException e) {
            // It is active, but does not track heartbeats yet: it throws this instead of answering.
        } catch (ExecutionException e) {
            // It is active no more, until it has elected itself again.
            if (!(e.getCause() instanceof NotControllerException)) {
                throw e;
            }
        }
        return false;
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("waited " + START_LIMIT.toSeconds() + " s for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void format(Path directory) throws Exception {
        MetaPropertiesEnsemble present = new MetaPropertiesEnsemble.Loader().addLogDirs(List.of(directory.toString())).load();
        String clusterId = present.logDirProps().values().stream().findFirst()
                .flatMap(MetaProperties::clusterId)
                .orElseGet(() -> Uuid.randomUuid().toString());
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(clusterId)
                .setNodeId(NODE_ID)
                .setControllerListenerName(CONTROLLER)
                .setMetadataLogDirectory(directory.toString())
                .setDirectories(List.of(directory.toString()))
                // A process that was killed while it formatted leaves some of the files.
                .setIgnoreFormatted(true)
                // The rebalance protocol of Kafka Streams.
                .setFeatureLevel("streams.version", (short) 1)
                .run();
    }

    /** What is particular to one process on one machine. */
    private static Map<String, String> settings(int port) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":0");
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("listeners", CLIENTS + "://" + HOST + ":" + port + "," + CONTROLLER + "://" + HOST + ":0");
        settings.put("inter.broker.listener.name", CLIENTS);
        settings.put("listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":SASL_PLAINTEXT");
        // The controller does whatever it is asked for: by nobody but the broker, which alone knows this.
        String password = Uuid.randomUuid().toString();
        settings.put("sasl.mechanism.controller.protocol", "PLAIN");
        settings.put("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.controller.plain.sasl.jaas.config", PlainLoginModule.class.getName()
                + " required username=\"broker\" password=\"" + password + "\" user_broker=\"" + password + "\";");

        // What a record may be long that chat.raw takes, and what is said of it when it is refused.
        settings.put("socket.request.max.bytes", "1310720");
        settings.put("max.connections", Integer.toString(MOST_CONNECTIONS));
        // Each is in memory thirty times as large as it came, and those that wait are taken apart already.
        settings.put("queued.max.requests", "2");
        settings.put("offsets.load.buffer.size", "1048576");
        settings.put("transaction.state.log.load.buffer.size", "1048576");

        // What Kafka keeps in memory of who was here; nobody but a reader of a thousand channels has much to be kept.
        settings.put("group.max.size", "32");
        settings.put("group.consumer.max.size", "32");
        settings.put("group.share.max.size", "32");
        settings.put("group.streams.max.size", "32");
        settings.put("group.max.session.timeout.ms", "300000");
        settings.put("group.share.max.share.sessions", "64");
        settings.put("offset.metadata.max.bytes", "512");
        settings.put("offsets.retention.minutes", "1440");
        settings.put("transactional.id.expiration.ms", "86400000");
        settings.put("transaction.remove.expired.transaction.cleanup.interval.ms", "60000");
        settings.put("producer.id.expiration.ms", "3600000");
        settings.put("producer.id.expiration.check.interval.ms", "60000");
        settings.put("max.incremental.fetch.session.cache.slots", "256");
        settings.put("min.incremental.fetch.session.eviction.ms", "10000");

        // A killed broker's registration is in force for this long, and keeps its successor waiting.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");

        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        return settings;
    }

    /** Hands fatal errors to the owner instead of halting the process, as Kafka's own does. */
    private static FaultHandlerFactory faults(BiConsumer<String, Throwable> onFailure) {
        return (name, fatal, action) -> {
            FaultHandler logging = new LoggingFaultHandler(name, action);
            if (!fatal) {
                return logging;
            }
            return (message, cause) -> {
                RuntimeException fault = logging.handleFault(message, cause);
                onFailure.accept(name + ": " + message, fault);
                return fault;
            };
        };
    }
}
