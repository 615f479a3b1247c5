package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.BsonDocument;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.StoreDatabase;
import org.charla.protocol.Topics;
import org.charla.testing.Checkout;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With errors as MongoDB has them: what passes is tried again, what does not is set aside alone, and the tasks go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SinkOnFaultyStoreIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String CHANNEL = "chat.channel.general";
    private static final String USERS = "chat.users";
    private static final int RACES_AT_MOST = 10;

    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private MongoServer store;
    private EmbeddedKafka kafka;
    private SinkWorker connect;
    private MongoClient mongodb;
    private KafkaProducer<byte[], byte[]> producer;
    private int ids;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        store = new MongoServer(new FaultyBackend());
        store.bind(new InetSocketAddress("127.0.0.1", 0));
        String uri = "mongodb://127.0.0.1:" + store.getLocalAddress().getPort();
        mongodb = MongoClients.create(uri);
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0,
                (what, cause) -> failures.add(cause));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(USERS, 1, (short) -1), new NewTopic(CHANNEL, 1, (short) -1),
                    new NewTopic(Topics.SINK_DEAD_LETTERS, 1, (short) -1))).all().get(10, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "max.request.size", 1 << 21), new ByteArraySerializer(), new ByteArraySerializer());
        connect = SinkWorker.start(kafka, uri, LIMIT);
    }

    @AfterAll
    void stop() {
        if (connect != null) {
            connect.close();
        }
        if (producer != null) {
            producer.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (mongodb != null) {
            mongodb.close();
        }
        if (store != null) {
            store.shutdownNow();
        }
    }

    @AfterEach
    void connectorsStillRun() throws Exception {
        connect.requireNotFailed();
        assertThat(failures).isEmpty();
        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{ok: 1, n: 0, writeErrors: [{index: 0, code: 11000, errmsg: 'E11000 duplicate key error collection:"
                + " chat.chat.users index: _id_ dup key: { _id: \"x\" }'}]}",
        "{ok: 0, code: 11000, codeName: 'DuplicateKey', errmsg: 'E11000 duplicate key error collection: chat.chat.users"
                + " index: _id_ dup key: { _id: \"x\" }'}",
        "{ok: 1, n: 0, writeErrors: [{index: 0, code: 112, errmsg: 'WriteConflict'}]}",
        "{ok: 1, n: 0, writeErrors: [{index: 0, code: 13388, errmsg: 'stale'}]}",
        "{ok: 1, n: 1, writeConcernError: {code: 64, errmsg: 'waiting for replication timed out'}}",
        "{ok: 0, code: 112, codeName: 'WriteConflict', errmsg: 'no'}",
        "{ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary'}",
        "{ok: 0, code: 11600, codeName: 'InterruptedAtShutdown', errmsg: 'no'}",
        "{ok: 0, code: 24, codeName: 'LockTimeout', errmsg: 'no'}",
        "{ok: 0, code: 365, codeName: 'TemporarilyUnavailable', errmsg: 'no'}",
        "{ok: 0, code: 4242, codeName: 'SomethingNew', errmsg: 'no', errorLabels: ['RetryableWriteError']}"})
    void whatPassesIsTriedAgain(String error) throws Exception {
        Set<String> before = DeadLetters.origins(kafka.bootstrapServers());
        String user = "u" + ids++;
        for (int i = 0; i < 3; i++) {
            errors.add(error);
        }
        send(USERS, user, profile(user, "\"Alice\""));
        assertThat(document(USERS, user).getString("displayName").getValue()).isEqualTo("Alice");
        assertThat(DeadLetters.origins(kafka.bootstrapServers())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{ok: 1, n: 0, nModified: 0}",
        "{ok: 1, n: 0, nModified: 0, writeErrors: [{index: 0, code: 112, errmsg: 'WriteConflict'}]}",
        "{ok: 1, n: 1, nModified: 1, writeConcernError: {code: 64, errmsg: 'waiting for replication timed out'}}",
        "{ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary'}"})
    void aChangeThatAnotherWriterOrTheServerComesBeforeIsTriedAgain(String error) throws Exception {
        Set<String> before = DeadLetters.origins(kafka.bootstrapServers());
        String id = "m" + ids++;
        send(CHANNEL, "alice:" + id, message(id, "\"hola\""));
        document(CHANNEL, "alice:" + id);
        for (int i = 0; i < 3; i++) {
            errors.add(error);
        }
        edit(id, "\"adiós\"");
        await().atMost(LIMIT).until(() -> document(CHANNEL, "alice:" + id).getString("text").getValue().equals("adiós"));
        assertThat(DeadLetters.origins(kafka.bootstrapServers())).isEqualTo(before);
    }

    @Test
    void aChangeThatMongodbRefusesIsSetAsideAlone() throws Exception {
        String id = "m" + ids++;
        send(CHANNEL, "alice:" + id, message(id, "\"hola\""));
        document(CHANNEL, "alice:" + id);
        errors.add("{ok: 1, n: 0, nModified: 0, writeErrors: [{index: 0, code: 17419, errmsg: 'Resulting document after"
                + " update is larger than 16777216'}]}");
        long refused = edit(id, "\"adiós\"");
        await().atMost(LIMIT).until(() ->
                DeadLetters.origins(kafka.bootstrapServers()).contains(CHANNEL + "@" + refused));
        edit(id, "\"hasta luego\"");
        await().atMost(LIMIT).until(() ->
                document(CHANNEL, "alice:" + id).getString("text").getValue().equals("hasta luego"));
    }

    private long edit(String id, String text) throws Exception {
        String change = "c" + ids++;
        return send(CHANNEL, "alice:" + change, message(change, text)
                .replaceFirst("\\{", "{\"type\":\"edit\",\"target\":\"alice:" + id + "\","));
    }

    @Test
    void aRaceThatNeverEndsIsLostInTheEnd() throws Exception {
        String user = "u" + ids++;
        for (int i = 0; i <= RACES_AT_MOST; i++) {
            errors.add("{ok: 1, n: 0, writeErrors: [{index: 0, code: 11000, errmsg: 'E11000 duplicate key error"
                    + " collection: chat.chat.users index: _id_ dup key: { _id: \"x\" }'}]}");
        }
        assertSetAside(USERS, user, profile(user, "\"Alice\""));
    }

    @Test
    void aProfileThatAnotherIndexRefusesIsSetAsideAtOnce() throws Exception {
        String user = "u" + ids++;
        errors.add("{ok: 1, n: 0, writeErrors: [{index: 0, code: 11000, errmsg: 'E11000 duplicate key error collection:"
                + " chat.chat.users index: displayName_1 dup key: { displayName: \" index: _id_ \" }'}]}");
        assertSetAside(USERS, user, profile(user, "\"Alice\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"displayName\":", "7", "\"text\"", "\uFEFF", "\0"})
    void whatIsNoJsonObjectIsSetAside(String value) throws Exception {
        assertSetAside(CHANNEL, "alice:m" + ids++, value);
        assertSetAside(USERS, "u" + ids++, value);
    }

    @Test
    void aMessageThatIsNoneOfOursIsSetAside() throws Exception {
        String id = "m" + ids++;
        String key = "alice:" + id;
        assertSetAside(CHANNEL, null, message(id, "\"hola\""));
        assertSetAside(CHANNEL, key, null);
        assertSetAside(CHANNEL, "bob:" + id, message(id, "\"hola\""));
        assertSetAside(CHANNEL, "x".repeat(900_000), message(id, "\"hola\""));
        assertSetAside(CHANNEL, key, message(id, "\"half a smile: \\ud83d\""));
        assertSetAside(CHANNEL, key, message(id, "\"\\ude00\""));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("\"Alice\"", "\"\\udfff\""));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("\"general\"", "\"\\ud800\""));
        assertSetAside(CHANNEL, key, message(id, "7"));
        assertSetAside(CHANNEL, key, message(id, "{\"$x\":1}"));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("1763791200123", "-9223372036854775808"));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("1763791200140", "9223372036854775807"));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("1763791200123", "1.5"));
        assertSetAside(CHANNEL, key, message(id, "\"hola\"").replace("1763791200123", "99999999999999999999"));
        assertSetAside(CHANNEL, key, message(id, "\"hola\",\"x\":" + "[".repeat(100_000)));
        assertSetAside(CHANNEL, key, message(id, "\"hola\",\"x\":" + "[".repeat(500) + "]".repeat(500)));
        assertSetAside(CHANNEL, key, message(id, "\"" + "x".repeat(70_000) + "\""));
        assertSetAside(CHANNEL, key, message(id, "\"hola\",\"text\":\"again\""));
        send(CHANNEL, key, message(id, "\"\\ud83d\\ude00 \\u0000\""));
        assertThat(document(CHANNEL, key).getString("text").getValue()).isEqualTo("\uD83D\uDE00 \0");
    }

    @Test
    void aProfileThatIsNoneOfOursIsSetAside() throws Exception {
        String user = "u" + ids++;
        assertSetAside(USERS, null, profile(user, "\"Alice\""));
        assertSetAside(USERS, "bob", profile(user, "\"Alice\""));
        assertSetAside(USERS, user, profile(user, "\"\\ud83d\""));
        assertSetAside(USERS, "\uFFFD", profile("\\ud83d", "\"Alice\""));
        assertSetAside(USERS, user, profile(user, "7"));
        assertSetAside(USERS, user, profile(user, "null"));
        assertSetAside(USERS, user, profile(user, "[".repeat(900) + "]".repeat(900)));
        assertSetAside(USERS, user, profile(user, "[".repeat(100_000)));
        assertSetAside(USERS, user, profile(user, "\"Alice\"").replace("1763791200105", "\"yesterday\""));
        assertSetAside(USERS, user, profile(user, "\"Alice\"").replace("1763791200105", "1e999"));
        assertSetAside(USERS, user, profile(user, "\"Alice\"").replace("1763791200105", "-62135596800001"));
        assertSetAside(USERS, user, profile(user, "\"Alice\"").replace("1763791200105", "253402300800000"));
        assertSetAside(USERS, user, profile(user, "\"Alice\"").replace(",\"updatedAt\":1763791200105", ""));
        send(USERS, user, profile(user, "\"Alice\",\"$x\":{\"a.b\":" + "[".repeat(20) + "]".repeat(20) + "}"));
        assertThat(document(USERS, user).keySet()).containsExactlyInAnyOrder("_id", "userId", "displayName",
                "updatedAt");
    }

    @Test
    void aRecordAsLargeAsItsTopicTakesHoldsNothingUp() throws Exception {
        String id = "m" + ids++;
        String user = "u" + ids++;
        int largest = 1_048_588 - 100;
        send(CHANNEL, "alice:" + id, "x".repeat(largest - 100));
        send(CHANNEL, "alice:" + id, message(id, "\"hola\""));
        document(CHANNEL, "alice:" + id);
        send(USERS, user, "x".repeat(largest - 100));
        send(USERS, user, profile(user, "7,\"x\":\"" + "x".repeat(largest - 300) + "\""));
        send(USERS, user, profile(user, "\"Alice\""));
        document(USERS, user);
    }

    private void assertSetAside(String topic, String key, String value) throws Exception {
        long offset = send(topic, key, value);
        await().atMost(LIMIT).until(() -> DeadLetters.origins(kafka.bootstrapServers()).contains(topic + "@" + offset));
        assertThat(mongodb.getDatabase("chat").getCollection(topic).countDocuments(
                key == null ? Filters.eq((Object) null) : Filters.eq(key))).isZero();
    }

    private long send(String topic, String key, String value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value))).get(10, TimeUnit.SECONDS).offset();
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String message(String id, String text) {
        return """
                {"messageId":"%s","channel":"general","author":{"userId":"alice","displayName":"Alice"},
                 "sentAt":1763791200123,"acceptedAt":1763791200140,"text":%s}""".formatted(id, text);
    }

    private static String profile(String user, String displayName) {
        return "{\"userId\":\"" + user + "\",\"updatedAt\":1763791200105,\"displayName\":" + displayName + "}";
    }

    private BsonDocument document(String name, String id) {
        MongoCollection<BsonDocument> collection =
                mongodb.getDatabase("chat").getCollection(name, BsonDocument.class);
        return await().atMost(LIMIT).until(() -> collection.find(Filters.eq(id)).first(), document -> document != null);
    }

    /** The stand-in, in memory, that answers a write with an error as long as there is one. */
    private final class FaultyBackend extends AbstractMongoBackend {

        private final MVStore memory = MVStore.open(null);

        @Override
        protected MongoDatabase openOrCreateDatabase(String name) {
            return new StoreDatabase(name, memory, getCursorRegistry());
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            String error = command.equalsIgnoreCase("update") ? errors.poll() : null;
            return error == null ? super.handleCommand(channel, database, command, query) : parsed(error);
        }

        private static Document parsed(String json) {
            return (Document) converted(org.bson.Document.parse(json));
        }

        private static Object converted(Object value) {
            if (value instanceof Map<?, ?> map) {
                Document document = new Document();
                map.forEach((name, field) -> document.put(String.valueOf(name), converted(field)));
                return document;
            }
            return value instanceof List<?> list ? list.stream().map(FaultyBackend::converted).toList() : value;
        }
    }
}
