package org.charla.connect.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.BsonDocument;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Topics;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the connectors make of records, by a real worker; a subclass says in which MongoDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SinkContract {

    @RegisterExtension
    final ServerFaults faults = new ServerFaults();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private EmbeddedKafka kafka;
    private SinkWorker connect;
    private MongoClient mongodb;
    private KafkaProducer<String, String> producer;
    private int channels;

    /** Starts a MongoDB and returns its URI. */
    abstract String startMongodb(Path directory) throws Exception;

    abstract void stopMongodb() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        String uri = startMongodb(directory);
        mongodb = MongoClients.create(uri);
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        createTopic("chat.users");
        createTopic("chat.channels");
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(), new StringSerializer());
        connect = SinkWorker.start(kafka, uri, LIMIT);
    }

    @AfterAll
    void stop() throws Exception {
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
        stopMongodb();
    }

    @AfterEach
    void connectorsStillRun() throws Exception {
        connect.requireNotFailed();
    }

    @Test
    void aMessageBecomesTheDocumentOfTheContractAndNoOtherFieldDoes() throws Exception {
        String topic = channel();
        send(topic, "alice:m0", message("m0", "first"));
        RecordMetadata sent = send(topic, "alice:m1", """
                {"messageId":"m1","channel":"general","author":{"userId":"alice","displayName":"Alice","admin":true},
                 "text":"hola","sentAt":1763791200123,"acceptedAt":1763791200140,"_id":"bob:m9","extra":{"a":[1]}}""");
        assertThat(document(topic, "alice:m1")).isEqualTo(BsonDocument.parse("""
                {"_id": "alice:m1", "messageId": "m1", "channel": "general",
                 "author": {"userId": "alice", "displayName": "Alice"}, "text": "hola",
                 "sentAt": {"$date": {"$numberLong": "1763791200123"}},
                 "acceptedAt": {"$date": {"$numberLong": "1763791200140"}},
                 "offset": {"$numberLong": "%d"}}""".formatted(sent.offset())));
    }

    @Test
    void whatChangesAMessageBecomesPartOfItsDocumentAndHasNone() throws Exception {
        String topic = channel();
        send(topic, "alice:m1", message("m1", "hola").replaceFirst("}$", ",\"replyTo\":\"bob:m0\"}"));
        send(topic, "alice:m2", message("m2", "hola"));
        RecordMetadata edit = send(topic, "alice:c1", change("c1", "edit", "alice:m1", "\"text\":\"hola a todos\""));
        RecordMetadata reaction =
                send(topic, "alice:c2", change("c2", "reaction", "alice:m1", "\"reactions\":[\"👍\",\"🎉\"]"));
        send(topic, "alice:c3", change("c3", "rule", "alice:m1", "\"rule\":\"title\",\"value\":\"x\""));
        RecordMetadata deletion = send(topic, "alice:c4", change("c4", "deletion", "alice:m2", "\"x\":1"));
        await().atMost(LIMIT).until(() -> document(topic, "alice:m2").containsKey("deleted"));
        assertThat(document(topic, "alice:m1")).isEqualTo(BsonDocument.parse("""
                {"_id": "alice:m1", "messageId": "m1", "channel": "general",
                 "author": {"userId": "alice", "displayName": "Alice"}, "text": "hola a todos", "replyTo": "bob:m0",
                 "sentAt": {"$date": {"$numberLong": "1763791200123"}},
                 "acceptedAt": {"$date": {"$numberLong": "1763791200140"}}, "offset": {"$numberLong": "0"},
                 "edited": {"at": {"$date": {"$numberLong": "1763791200200"}}, "position": {"$numberLong": "%d"}},
                 "reactions": [{"userId": "alice", "reactions": ["👍", "🎉"], "position": {"$numberLong": "%d"}}]}"""
                .formatted(edit.offset(), reaction.offset())));
        assertThat(document(topic, "alice:m2")).isEqualTo(BsonDocument.parse("""
                {"_id": "alice:m2", "messageId": "m2", "channel": "general",
                 "author": {"userId": "alice", "displayName": "Alice"},
                 "sentAt": {"$date": {"$numberLong": "1763791200123"}},
                 "acceptedAt": {"$date": {"$numberLong": "1763791200140"}}, "offset": {"$numberLong": "1"},
                 "deleted": {"at": {"$date": {"$numberLong": "1763791200200"}}, "by": "alice",
                  "position": {"$numberLong": "%d"}}}""".formatted(deletion.offset())));
        assertThat(collection(topic).countDocuments()).isEqualTo(2);
    }

    @Test
    void aChannelMadeWhileTheSinkRunsIsPickedUpWithinFiveSeconds() throws Exception {
        String topic = channel();
        long start = System.nanoTime();
        send(topic, "alice:m1", message("m1", "hola"));
        document(topic, "alice:m1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /** MongoDB would refuse the collections of some, the name of none may be longer than a channel's. */
    @Test
    void aTopicThatIsNoChannelsIsLeftAlone() throws Exception {
        List<String> others = List.of("chat.channel.", "chat.channel.a.", "chat.channel..", "chat.channel.A",
                "chat.channel." + "a".repeat(65), "chat.channel." + "a".repeat(236));
        for (String other : others) {
            createTopic(other);
            send(other, "alice:m1", message("m1", "hola"));
        }
        String topic = "chat.channel." + "a".repeat(64);
        createTopic(topic);
        send(topic, "alice:m1", message("m1", "hola"));
        document(topic, "alice:m1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeConsumerGroups(List.of("connect-channel-messages-sink")).all()
                    .get(10, TimeUnit.SECONDS).values()).flatExtracting(ConsumerGroupDescription::members)
                    .flatExtracting(member -> member.assignment().topicPartitions()).extracting(TopicPartition::topic)
                    .contains(topic).doesNotContainAnyElementsOf(others);
        }
    }

    /** Kafka Connect guesses at their types unless told otherwise, many seconds long at so many digits. */
    @Test
    void headersAreNotReadWhateverStandsInThem() throws Exception {
        String topic = channel();
        byte[] digits = "9".repeat(900_000).getBytes(UTF_8);
        for (int i = 0; i < 5; i++) {
            producer.send(new ProducerRecord<>(topic, null, "alice:m" + i, message("m" + i, "hola"),
                    List.of(new RecordHeader("x", digits)))).get(10, TimeUnit.SECONDS);
        }
        document(topic, "alice:m4");
        send("chat.users", "mallory", null);
        producer.send(new ProducerRecord<>("chat.users", null, "mallory",
                "{\"userId\":\"mallory\",\"displayName\":\"M\",\"updatedAt\":0}",
                List.of(new RecordHeader("x", digits)))).get(10, TimeUnit.SECONDS);
        document("chat.users", "mallory");
    }

    @Test
    void whatComesInATopicThatIsMadeAnewStandsBehindWhatWasThereHoweverMuchIsInIt() throws Exception {
        String topic = channel();
        for (int i = 0; i < 3; i++) {
            send(topic, "alice:m" + i, message("m" + i, "hola"));
        }
        document(topic, "alice:m2");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
        }
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            createTopic(topic);
            return true;
        });
        try (KafkaProducer<String, String> other = new KafkaProducer<>(Map.of(
                "bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            for (int i = 3; i < 11; i++) {
                other.send(new ProducerRecord<>(topic, "alice:m" + i, message("m" + i, "hola")));
            }
        }
        document(topic, "alice:m10");
        List<String> expected = IntStream.range(0, 11).mapToObj(i ->
                "alice:m" + i + "@" + (i < 3 ? i : 1_000_000_000_000L + i - 3)).toList();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(collection(topic).find().sort(Sorts.ascending("offset")))
                .extracting(found -> found.getString("_id").getValue() + "@" + found.getInt64("offset").getValue())
                .isEqualTo(expected));
        assertThat(collection("chat.topics").find(Filters.eq(topic)).first().getArray("topics"))
                .extracting(noted -> noted.asDocument().getInt64("base").getValue())
                .containsExactly(0L, 1_000_000_000_000L);
    }

    @Test
    void aMessageDeliveredAgainIsOneDocument() throws Exception {
        String topic = channel();
        for (int i = 0; i < 3; i++) {
            send(topic, "alice:m1", message("m1", "hola"));
        }
        send(topic, "alice:m2", message("m2", "adiós"));
        document(topic, "alice:m2");
        assertThat(collection(topic).countDocuments()).isEqualTo(2);
    }

    @Test
    void whatIsNoMessageGoesToTheDeadLettersWithItsContextAndHoldsNothingUp() throws Exception {
        String topic = channel();
        RecordMetadata bad = send(topic, "alice:m1", "{\"messageId\":");
        send(topic, "alice:m2", message("m2", "hola"));
        document(topic, "alice:m2");
        ConsumerRecord<byte[], byte[]> dead = deadLetter(topic);
        assertThat(new String(dead.value(), UTF_8)).isEqualTo("{\"messageId\":");
        assertThat(DeadLetters.context(dead, "offset")).isEqualTo(Long.toString(bad.offset()));
        assertThat(DeadLetters.context(dead, "connector.name")).isEqualTo("channel-messages-sink");
        assertThat(collection(topic).countDocuments()).isOne();
    }

    @Test
    void whatIsOfATypeThatItDoesNotKnowIsSkippedAndCountsAsWritten() throws Exception {
        String topic = channel();
        send(topic, "alice:m1", "{\"type\":\"poll\",\"author\":\"alice\"}");
        send(topic, "alice:m2", message("m2", "hola"));
        send(topic, null, "{\"type\":7}");
        send(topic, "bad", "{\"type\":");
        RecordMetadata last = send(topic, "alice:m3", message("m3", "hola").replaceFirst("\\{", "{\"type\":\"polls\","));
        assertThat(new String(deadLetter(topic).value(), UTF_8)).isEqualTo("{\"type\":");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            TopicPartition partition = new TopicPartition(topic, 0);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets(
                    "connect-channel-messages-sink").partitionsToOffsetAndMetadata().get().get(partition))
                    .extracting(OffsetAndMetadata::offset).isEqualTo(last.offset() + 1));
        }
        assertThat(collection(topic).find()).extracting(document -> document.getString("_id").getValue())
                .containsExactly("alice:m2");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -62_135_596_800_001L, 253_402_300_800_000L, Long.MAX_VALUE})
    void whatHasADateThatReadersCantHoldGoesToTheDeadLetters(long date) throws Exception {
        String topic = channel();
        String message = message("m1", "hola");
        send(topic, "alice:m1", message.replace("1763791200123", Long.toString(date)));
        send(topic, "alice:m2", message("m2", "hola").replace("1763791200140", Long.toString(date)));
        send(topic, "alice:m3", message("m3", "hola"));
        document(topic, "alice:m3");
        assertThat(new String(deadLetter(topic).value(), UTF_8)).contains(Long.toString(date));
        assertThat(collection(topic).countDocuments()).isOne();

        send("chat.users", "eve", "{\"userId\":\"eve\",\"displayName\":\"E\",\"updatedAt\":" + date + "}");
        send("chat.users", "eve", "{\"userId\":\"eve\",\"displayName\":\"Eve\",\"updatedAt\":0}");
        assertThat(document("chat.users", "eve").getString("displayName").getValue()).isEqualTo("Eve");
        send("chat.users", "eve", "{\"userId\":\"eve\",\"displayName\":\"E\",\"updatedAt\":" + date + "}");
        send("chat.users", "adam", "{\"userId\":\"adam\",\"displayName\":\"Adam\",\"updatedAt\":0}");
        document("chat.users", "adam");
        assertThat(document("chat.users", "eve").getString("displayName").getValue()).isEqualTo("Eve");
        send("chat.users", "eve", null);
        send("chat.users", "adam", null);
        await().atMost(LIMIT).until(() ->
                collection("chat.users").countDocuments(Filters.in("_id", "eve", "adam")) == 0);
    }

    @Test
    void usersAreReplacedAndRemovedByTheirKey() throws Exception {
        send("chat.users", "alice", "{\"userId\":\"alice\",\"displayName\":\"A\",\"updatedAt\":1763791200105}");
        send("chat.users", "alice", "{\"userId\":\"alice\",\"displayName\":\"Alice\",\"updatedAt\":1763791200205}");
        send("chat.users", "bob", "{\"userId\":\"bob\",\"displayName\":\"Bob\",\"updatedAt\":1763791200105,\"x\":1}");
        assertThat(document("chat.users", "bob")).isEqualTo(BsonDocument.parse("""
                {"_id": "bob", "userId": "bob", "displayName": "Bob",
                 "updatedAt": {"$date": {"$numberLong": "1763791200105"}}}"""));
        assertThat(document("chat.users", "alice").getString("displayName").getValue()).isEqualTo("Alice");
        send("chat.users", "bob", null);
        await().atMost(LIMIT).until(() -> collection("chat.users").countDocuments(Filters.eq("bob")) == 0);
        assertThat(collection("chat.users").countDocuments()).isOne();
    }

    @Test
    void whatHoldsInAChannelIsReplacedAndRemovedByItsName() throws Exception {
        send("chat.channels", "general", rules("general", "\"title\":\"\",\"owner\":\"alice\",\"moderators\":[],\"muted\":[]"));
        send("chat.channels", "general", rules("general", """
                "title":"Todo","owner":"alice","moderators":["bob","carol"],"x":{},
                "muted":[{"userId":"eve","until":1763794800000},{"userId":"mallory","x":1}]"""));
        send("chat.channels", "random", rules("random", "\"title\":\"\",\"moderators\":[],\"muted\":[]"));
        assertThat(document("chat.channels", "random")).isEqualTo(BsonDocument.parse("""
                {"_id": "random", "channel": "random", "title": "", "moderators": [], "posting": "verified",
                 "slowModeSeconds": 30, "muted": [], "updatedAt": {"$date": {"$numberLong": "1763791200105"}}}"""));
        assertThat(document("chat.channels", "general")).isEqualTo(BsonDocument.parse("""
                {"_id": "general", "channel": "general", "title": "Todo", "owner": "alice", "moderators": ["bob", "carol"],
                 "posting": "verified", "slowModeSeconds": 30,
                 "muted": [{"userId": "eve", "until": {"$numberLong": "1763794800000"}}, {"userId": "mallory"}],
                 "updatedAt": {"$date": {"$numberLong": "1763791200105"}}}"""));
        send("chat.channels", "random", null);
        await().atMost(LIMIT).until(() -> collection("chat.channels").countDocuments(Filters.eq("random")) == 0);
        assertThat(collection("chat.channels").countDocuments()).isOne();
    }

    private String channel() throws Exception {
        String topic = "chat.channel.c" + channels++;
        createTopic(topic);
        return topic;
    }

    private void createTopic(String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) -1))).all().get(10, TimeUnit.SECONDS);
        }
    }

    private RecordMetadata send(String topic, String key, String value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value)).get(10, TimeUnit.SECONDS);
    }

    private static String message(String id, String text) {
        return """
                {"messageId":"%s","channel":"general","author":{"userId":"alice","displayName":"Alice"},"text":"%s",
                 "sentAt":1763791200123,"acceptedAt":1763791200140}""".formatted(id, text);
    }

    private static String change(String id, String type, String target, String more) {
        return """
                {"type":"%s","messageId":"%s","channel":"general","author":{"userId":"alice","displayName":"Alice"},
                 "target":"%s",%s,"sentAt":1763791200200,"acceptedAt":1763791200240}""".formatted(type, id, target, more);
    }

    private static String rules(String channel, String more) {
        return """
                {"channel":"%s",%s,"posting":"verified","slowModeSeconds":30,"updatedAt":1763791200105}"""
                .formatted(channel, more);
    }

    private BsonDocument document(String collection, String id) {
        return await().atMost(LIMIT).until(
                () -> collection(collection).find(Filters.eq(id)).first(), document -> document != null);
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return mongodb.getDatabase("chat").getCollection(name, BsonDocument.class);
    }

    private ConsumerRecord<byte[], byte[]> deadLetter(String topic) {
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "group.id", "dead-letters", "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.SINK_DEAD_LETTERS));
            return await().atMost(LIMIT).until(() -> {
                for (ConsumerRecord<byte[], byte[]> dead : consumer.poll(Duration.ofMillis(200))) {
                    if (topic.equals(DeadLetters.context(dead, "topic"))) {
                        return dead;
                    }
                }
                return null;
            }, dead -> dead != null);
        }
    }
}
