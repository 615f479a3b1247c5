package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.charla.testing.RawProducer.at;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.Document;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Topics;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import org.charla.testing.RawProducer;
import org.charla.testing.ReplicaSet;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sink under load while MongoDB and the worker are killed. After each: every message once in its collection, equal
 * field by field and in the order of its topic, and among the dead letters the poison alone.
 *
 * <p>{@code -Dcharla.sink.kills=10 -Dcharla.sink.outage.seconds=60} does it more often and for longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SinkSurvivalIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private static final String SINK = "channel-messages-sink";
    private static final int KILLS = Integer.getInteger("charla.sink.kills", 2);
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("charla.sink.outage.seconds", 8));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PASSWORD = "s3cr3t-Of-The-Sink";
    private static final int LARGEST_RECORD = 20 << 20;
    private static final int TASKS = 2;

    private Path directory;
    private EmbeddedKafka kafka;
    private Admin admin;
    private KafkaProducer<String, String> producer;
    private Mongod mongod;
    private MongoClient mongodb;
    private String sinkUri;
    private WorkerProcess worker;
    private int channels;

    private final Map<String, Map<Long, BsonDocument>> expected = new ConcurrentHashMap<>();
    private final Set<String> poison = new TreeSet<>();

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        mongod = Mongod.start(directory.resolve("mongod"), "--auth");
        try (MongoClient first = MongoClients.create(mongod.uri())) {
            first.getDatabase("admin").runCommand(Document.parse(
                    "{createUser: 'admin', pwd: 'admin', roles: ['root']}"));
        }
        mongodb = MongoClients.create(mongod.uri().replace("://", "://admin:admin@"));
        mongodb.getDatabase("admin").runCommand(new Document("createUser", "sink").append("pwd", PASSWORD)
                .append("roles", List.of(new Document("role", "readWrite").append("db", "chat"))));
        sinkUri = mongod.uri().replace("://", "://sink:" + PASSWORD + "@") + "/?authSource=admin";
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, Map.of(
                "socket.request.max.bytes", Integer.toString(2 * LARGEST_RECORD)), faults);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        createTopic(Topics.SINK_DEAD_LETTERS);
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5",
                "max.request.size", Integer.toString(LARGEST_RECORD), "buffer.memory", "67108864"),
                new StringSerializer(), new StringSerializer());
        startWorker();
        worker.deploy(SINK, Map.of("tasks.max", Integer.toString(TASKS)));
    }

    @AfterAll
    void stop() throws Exception {
        if (worker != null) {
            worker.close();
        }
        if (producer != null) {
            producer.close();
            admin.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (mongodb != null) {
            mongodb.close();
        }
        if (mongod != null) {
            mongod.close();
        }
    }

    @BeforeEach
    void theSinkRuns() {
        worker.awaitRunning(SINK, TASKS);
    }

    @Test
    void waitsForMongodbAndSaysSoOncePerOutage() throws Exception {
        int away = count("MongoDB is away");
        try (Load load = new Load(4)) {
            load.awaitWritten(200);
            mongod.kill();
            keepsRunningFor(OUTAGE);
            mongod.startAgain();
            load.awaitWritten(200);
        }
        verifyAll();
        assertThat(count("MongoDB is away") - away).isOne();
        assertThat(count("MongoDB is back")).isEqualTo(count("MongoDB is away"));
        assertThat(worker.log()).doesNotContain("RetriableException", PASSWORD);
    }

    @Test
    void waitsForAMongodbThatDoesNotAnswer() throws Exception {
        int away = count("MongoDB is away");
        try (Load load = new Load(4)) {
            load.awaitWritten(200);
            mongod.suspend();
            try {
                keepsRunningFor(OUTAGE);
            } finally {
                mongod.resume();
            }
            load.awaitWritten(200);
        }
        verifyAll();
        assertThat(count("MongoDB is away") - away).isLessThanOrEqualTo(1);
        assertThat(count("MongoDB is back")).isEqualTo(count("MongoDB is away"));
    }

    @Test
    void startsWhileMongodbIsAwayAndWritesWhenItIsBack() throws Exception {
        try (Load load = new Load(4)) {
            load.awaitWritten(100);
            worker.kill();
            mongod.kill();
            startWorker();
            worker.awaitRunning(SINK, TASKS);
            await().atMost(LIMIT).until(() -> count("MongoDB is away") == 1);
            mongod.startAgain();
            load.awaitWritten(100);
        }
        verifyAll();
        worker.awaitRunning(SINK, TASKS);
    }

    @Test
    void goesOnWhenAReplicaSetElectsAnotherPrimary() throws Exception {
        try (ReplicaSet set = ReplicaSet.start(directory.resolve("set"));
                MongoClient client = MongoClients.create(set.uri()); Load load = new Load(2)) {
            String elected = "elected-sink";
            worker.deploy(elected, SINK, Map.of("connection.uri", set.uri(), "tasks.max", "1",
                    "topics.regex", String.join("|", load.topics).replace(".", "\\.")));
            // Each time it takes two elections.
            for (int i = 0; i < (KILLS + 1) / 2; i++) {
                load.awaitWritten(client, 100);
                set.stepDown(client);
                load.awaitWritten(client, 100);
                Mongod primary = set.primary(client);
                primary.kill();
                load.awaitWritten(client, 100);
                primary.startAgain();
                assertThat(worker.status(elected).findValuesAsText("state")).containsOnly("RUNNING");
            }
            load.stop();
            for (String topic : load.topics) {
                verify(client, topic);
            }
            worker.request("DELETE", "/" + elected, null);
        }
        verifyAll();
    }

    @Test
    void losesNothingWhenMongodbIsKilledInTheMiddleOfABatchAgainAndAgain() throws Exception {
        try (Load load = new Load(4)) {
            for (int i = 0; i < KILLS; i++) {
                load.awaitWritten(100);
                mongod.kill();
                mongod.startAgain();
            }
        }
        verifyAll();
        worker.awaitRunning(SINK, TASKS);
    }

    @Test
    void losesNothingWhenTheWorkerIsKilledInTheMiddleOfABatchAgainAndAgain() throws Exception {
        try (Load load = new Load(4)) {
            for (int i = 0; i < KILLS; i++) {
                load.awaitWritten(100);
                worker.kill();
                startWorker();
            }
        }
        verifyAll();
    }

    @Test
    void theOtherWorkerTakesOverWhenOneOfTwoDies() throws Exception {
        try (WorkerProcess first = worker; Load load = new Load(4)) {
            startWorker();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> new HashSet<>(
                    worker.status(SINK).path("tasks").findValuesAsText("worker_id")).size() == 2);
            load.awaitWritten(100);
            first.kill();
            load.awaitWritten(100);
        }
        verifyAll();
        worker.awaitRunning(SINK, TASKS);
    }

    @Test
    void setsAsideTheRecordsThatCannotBeWrittenAndNoOther() throws Exception {
        String topic = channel();
        message(topic, 0);
        poison(topic, "alice:p1", "{\"messageId\":");
        message(topic, 1);
        poison(topic, "alice:p2", "[1, 2]");
        poison(topic, "alice:p3", json("p3", "hola").replace("1763791200123", "\"yesterday\""));
        poison(topic, "alice:p4", json("p4", "hola").replace("\"hola\"", "{\"$x\":1}"));
        poison(topic, null, json("p5", "no key"));
        poison(topic, "alice:p6", null);
        message(topic, 2);
        poison(topic, "alice:p7", json("p7", "x".repeat(17 << 20)));
        message(topic, 3);
        poisonOfNoTime(topic);
        message(topic, 4);
        verifyAll();
        worker.awaitRunning(SINK, TASKS);
    }

    @Test
    void failsAtOnceWithoutTellingTheSecretWhenItsPasswordIsChangedAndGoesOnWithTheRightOne() throws Exception {
        try (Load load = new Load(2)) {
            load.awaitWritten(50);
            setPassword("another");
            mongod.kill();
            mongod.startAgain();
            await().atMost(Duration.ofSeconds(20)).until(() -> failed() != null);
            assertThat(failed()).contains("sink").containsIgnoringCase("authenticat")
                    .doesNotContain(PASSWORD, "another");
            setPassword(PASSWORD);
            await().atMost(LIMIT).until(() -> {
                worker.request("POST", "/" + SINK + "/restart?includeTasks=true&onlyFailed=true", null);
                return failed() == null;
            });
        }
        verifyAll();
        assertThat(worker.log()).doesNotContain(PASSWORD);
    }

    @Test
    void failsAtOnceNamingThePermissionThatIsMissingAndSetsNothingAside() throws Exception {
        Document role = new Document("role", "readWrite").append("db", "chat");
        try (Load load = new Load(2)) {
            load.awaitWritten(50);
            mongodb.getDatabase("admin").runCommand(
                    new Document("revokeRolesFromUser", "sink").append("roles", List.of(role)));
            await().atMost(Duration.ofSeconds(20)).until(() -> failed() != null);
            assertThat(failed()).contains("not authorized on chat").doesNotContain(PASSWORD);
            mongodb.getDatabase("admin").runCommand(
                    new Document("grantRolesToUser", "sink").append("roles", List.of(role)));
            await().atMost(LIMIT).until(() -> {
                worker.request("POST", "/" + SINK + "/restart?includeTasks=true&onlyFailed=true", null);
                return failed() == null;
            });
        }
        verifyAll();
    }

    @Test
    void changesNothingWhenEverythingIsDeliveredAgain() throws Exception {
        String topic = channel();
        for (int i = 0; i < 500; i++) {
            message(topic, i);
        }
        verify(topic);
        // What only the first delivery can have written; and a message that tries to take an id again.
        collection(topic).updateOne(Filters.eq("alice:m7"), Updates.set("text", "as it was"));
        expected.get(topic).values().stream().filter(document -> document.getString("_id").getValue().equals("alice:m7"))
                .forEach(document -> document.put("text", new BsonString("as it was")));
        send(topic, "alice:m7", json("m7", "rewritten"));
        worker.request("PUT", "/" + SINK + "/stop", null);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() ->
                worker.request("DELETE", "/" + SINK + "/offsets", null).statusCode() == 200);
        worker.request("PUT", "/" + SINK + "/resume", null);
        worker.awaitRunning(SINK, TASKS);
        message(topic, 500);
        // The poison of the other tests is delivered again too, and set aside again.
        verifyAll();
    }

    /** Messages to some channels, as fast as a quick chat, until it is closed. */
    private final class Load implements AutoCloseable {

        private final List<String> topics = new ArrayList<>();
        private final CompletableFuture<Void> ended;
        private volatile boolean over;

        Load(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                topics.add(channel());
            }
            ended = CompletableFuture.runAsync(() -> {
                for (int i = 0; !over; i++) {
                    for (String topic : topics) {
                        sendLater(topic, i);
                    }
                    LockSupport.parkNanos(1_000_000);
                }
            }, work -> new Thread(work, "load").start());
        }

        /** Waits until so many more are in each collection. */
        void awaitWritten(int more) {
            awaitWritten(mongodb, more);
        }

        void awaitWritten(MongoClient client, int more) {
            for (String topic : topics) {
                long before = collection(client, topic).countDocuments();
                await().atMost(LIMIT).ignoreExceptions()
                        .until(() -> collection(client, topic).countDocuments() >= before + more);
            }
        }

        @Override
        public void close() {
            stop();
        }

        private void stop() {
            over = true;
            ended.join();
            producer.flush();
        }
    }

    private void keepsRunningFor(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusSeconds(10)).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertThat(worker.status(SINK).findValuesAsText("state")).containsOnly("RUNNING");
            return Instant.now().isAfter(end);
        });
    }

    private void startWorker() throws Exception {
        worker = new WorkerProcess(directory, kafka.bootstrapServers(), sinkUri).awaitReady();
    }

    private void setPassword(String password) {
        mongodb.getDatabase("admin").runCommand(new Document("updateUser", "sink").append("pwd", password)
                .append("writeConcern", new Document("w", "majority").append("j", true)));
    }

    private String failed() throws Exception {
        for (JsonNode task : worker.status(SINK).path("tasks")) {
            if (task.path("state").asText().equals("FAILED")) {
                return task.path("trace").asText();
            }
        }
        return null;
    }

    private int count(String text) throws Exception {
        return worker.log().split(text, -1).length - 1;
    }

    private String channel() throws Exception {
        String topic = "chat.channel.c" + channels++;
        createTopic(topic);
        expected.put(topic, new ConcurrentSkipListMap<>());
        return topic;
    }

    private void createTopic(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) -1).configs(
                Map.of("max.message.bytes", Integer.toString(LARGEST_RECORD))))).all().get(10, TimeUnit.SECONDS);
    }

    private void message(String topic, int number) throws Exception {
        sendLater(topic, number);
        producer.flush();
    }

    private void sendLater(String topic, int number) {
        String id = "m" + number;
        String text = "message " + number;
        producer.send(new ProducerRecord<>(topic, "alice:" + id, json(id, text)), (metadata, error) ->
                expected.get(topic).put(metadata.offset(), new BsonDocument("_id", new BsonString("alice:" + id))
                        .append("messageId", new BsonString(id)).append("channel", new BsonString("general"))
                        .append("author", new BsonDocument("userId", new BsonString("alice"))
                                .append("displayName", new BsonString("Alice")))
                        .append("text", new BsonString(text)).append("sentAt", new BsonDateTime(1763791200123L))
                        .append("acceptedAt", new BsonDateTime(1763791200140L))
                        .append("offset", new BsonInt64(metadata.offset()))));
    }

    private void poison(String topic, String key, String value) throws Exception {
        poison.add(topic + "@" + send(topic, key, value).offset());
    }

    /** What Kafka takes, and Connect can't hold. */
    private void poisonOfNoTime(String topic) throws Exception {
        try (RawProducer byHand = new RawProducer(kafka.bootstrapServers())) {
            byte[] batch = batch(CompressionType.NONE, 1, repeated(record(new byte[] {'x'}, new byte[] {'{'}), 1));
            assertThat(byHand.send(topic, 0, at(-2, batch))).isEqualTo(Errors.NONE);
        }
        poison.add(topic + "@" + (Collections.max(expected.get(topic).keySet()) + 1));
    }

    private RecordMetadata send(String topic, String key, String value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value)).get(10, TimeUnit.SECONDS);
    }

    private static String json(String id, String text) {
        return """
                {"messageId":"%s","channel":"general","author":{"userId":"alice","displayName":"Alice"},"text":"%s",
                 "sentAt":1763791200123,"acceptedAt":1763791200140}""".formatted(id, text);
    }

    private void verifyAll() throws Exception {
        for (String topic : expected.keySet()) {
            verify(topic);
        }
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(DeadLetters.origins(kafka.bootstrapServers())).isEqualTo(poison));
    }

    private void verify(String topic) {
        verify(mongodb, topic);
    }

    private void verify(MongoClient client, String topic) {
        List<BsonDocument> messages = List.copyOf(expected.get(topic).values());
        await().atMost(LIMIT).until(() -> collection(client, topic).countDocuments() >= messages.size());
        List<BsonDocument> documents = collection(client, topic).find().sort(Sorts.ascending("offset"))
                .into(new ArrayList<>());
        assertThat(documents.size()).isEqualTo(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            assertThat(documents.get(i)).isEqualTo(messages.get(i));
        }
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return collection(mongodb, name);
    }

    private static MongoCollection<BsonDocument> collection(MongoClient client, String name) {
        return client.getDatabase("chat").getCollection(name, BsonDocument.class);
    }
}
