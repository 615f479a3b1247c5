package org.charla.connect.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.charla.client.Charla;
import org.charla.client.terminal.Console;
import org.charla.connect.sink.SinkWork;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the command tells of differences that were made on purpose, and mends, in a real Kafka; a subclass says with which
 * MongoDB. The sink's part is done by its own code, and told to Kafka as its group does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AuditContract {

    private static final Author ALICE = new Author("alice", "Alice");
    private static final long TIME = 1_763_791_200_000L;

    @RegisterExtension
    final ServerFaults faults = new ServerFaults();

    private String uri;
    private EmbeddedKafka kafka;
    private MongoClient mongodb;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private int channels;

    /** Starts a MongoDB and returns its URI. */
    abstract String startMongodb(Path directory) throws Exception;

    abstract void stopMongodb() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        uri = startMongodb(directory);
        mongodb = MongoClients.create(uri);
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(servers);
        producer = new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    void stop() throws Exception {
        if (producer != null) {
            producer.close();
        }
        if (admin != null) {
            admin.close();
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
    void forget() throws Exception {
        admin.deleteTopics(admin.listTopics().names().get()).all().get();
        database().drop();
    }

    /** What a command left behind. */
    private record Result(int status, String out, String err) {

        /** The lines of differences, and of each channel. */
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private Result audit(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayInputStream(new byte[0]), out, err, false, false, false);
        List<String> line = new ArrayList<>(List.of("audit"));
        line.addAll(List.of(arguments));
        int status = Charla.parseAlike(Charla.commandLine(Map.of("CHARLA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "CHARLA_MONGODB_URI", uri, "CHARLA_LANG", "en"), console).addSubcommand(AuditCommand.class))
                .execute(line.toArray(String[]::new));
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** A channel with messages m0 to m3, of which m1 is edited twice, m2 deleted, and m3 thought something of. */
    private Channel written() throws Exception {
        Channel channel = new Channel("c" + channels++);
        for (int i = 0; i < 4; i++) {
            channel.message("m" + i, "text " + i);
        }
        channel.edit("m1", "first");
        channel.edit("m1", "second");
        channel.deletion("m2");
        channel.reaction("bob", "m3", "👍");
        channel.reaction("carol", "m3", "🎉");
        channel.sink();
        return channel;
    }

    /** What stands in a channel's topic, and what the sink makes of it. */
    private final class Channel {

        private final String name;
        private final String topic;
        private final SinkWork sink;
        private final List<SinkRecord> log = new ArrayList<>();
        private long next;
        private int sunk;

        Channel(String name) throws Exception {
            this.name = name;
            this.topic = "chat.channel." + name;
            this.sink = AuditContract.this.sink("channel-messages-sink");
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }

        void message(String id, String text) throws Exception {
            send(new ChannelMessage(id, name, ALICE, text, time(), time()));
        }

        void edit(String target, String text) throws Exception {
            send(new ChannelRecord.Edit("e" + next, name, ALICE, "alice:" + target, text, time(), time()));
        }

        void deletion(String target) throws Exception {
            send(new ChannelRecord.Deletion("d" + next, name, ALICE, "alice:" + target, time(), time()));
        }

        void reaction(String user, String target, String... reactions) throws Exception {
            send(new ChannelRecord.Reaction("r" + next, name, new Author(user, user), "alice:" + target,
                    List.of(reactions), time(), time()));
        }

        private long time() {
            return TIME + next;
        }

        private void send(ChannelRecord record) throws Exception {
            send(record.id(), Wire.write(record));
        }

        void send(String key, byte[] value) throws Exception {
            next = producer.send(new ProducerRecord<>(topic, 0, key == null ? null : key.getBytes(UTF_8), value)).get()
                    .offset() + 1;
            log.add(new SinkRecord(topic, 0, null, key, null, value, next - 1));
        }

        void sendSoon(ChannelRecord record, List<CompletableFuture<?>> sent) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            sent.add(one);
            log.add(new SinkRecord(topic, 0, null, record.id(), null, Wire.write(record), next++));
            producer.send(new ProducerRecord<>(topic, 0, record.id().getBytes(UTF_8), Wire.write(record)), (place, e) -> {
                if (e == null) {
                    one.complete(null);
                } else {
                    one.completeExceptionally(e);
                }
            });
        }

        /** Writes what is not written yet, and says so. */
        void sink() throws Exception {
            List<SinkRecord> records = new ArrayList<>();
            for (SinkRecord record : log.subList(sunk, log.size())) {
                try {
                    sink.transform(record).ifPresent(records::add);
                } catch (DataException e) {
                    // A worker sets it aside.
                }
            }
            sink.write(records, (record, error) -> {
                throw new AssertionError(error);
            });
            sunk = log.size();
            commit("channel-messages-sink", topic, next);
        }

        MongoCollection<BsonDocument> collection() {
            return database().getCollection(topic, BsonDocument.class);
        }

        List<BsonDocument> documents() {
            return collection().find().sort(new Document("offset", 1)).into(new ArrayList<>());
        }

        void update(String id, Bson update) {
            assertThat(collection().updateOne(Filters.eq("_id", "alice:" + id), update).getModifiedCount()).isEqualTo(1);
        }

        void remove(String id) {
            assertThat(collection().deleteOne(Filters.eq("_id", "alice:" + id)).getDeletedCount()).isEqualTo(1);
        }

        void is(String... lines) {
            Result result = audit(name);
            assertThat(result.lines()).containsExactly(lines);
            assertThat(result.status()).isEqualTo(lines[lines.length - 1].contains(": equal: ") ? 0 : 1);
        }

        /** What the command tells when it repairs, and that nothing is left then. */
        void isRepaired(List<BsonDocument> before, String... lines) {
            Result result = audit(name, "--repair");
            assertThat(result.lines()).containsExactly(lines);
            assertThat(result.status()).isZero();
            assertThat(documents()).isEqualTo(before);
            assertThat(audit(name).status()).isZero();
        }
    }

    private MongoDatabase database() {
        return mongodb.getDatabase("chat");
    }

    private SinkWork sink(String connector) {
        return new SinkWork(Connector.settings(Checkout.HOME.resolve("config/connectors"), connector), "chat", mongodb);
    }

    private void commit(String connector, String topic, long next) throws Exception {
        admin.alterConsumerGroupOffsets("connect-" + connector,
                Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(next))).all().get();
    }

    @Test
    void findsNothingWhereAllIsAsTheTopicSays() throws Exception {
        Channel channel = written();

        channel.is(channel.name + ": equal: messages 4, changes 5, documents 4");
        assertThat(audit(channel.name, "--json").out()).isEqualTo("{\"collection\":\"" + channel.topic
                + "\",\"equal\":true,\"messages\":4,\"changes\":5,\"documents\":4}\n");
    }

    @Test
    void findsAMessageThatIsMissingAndWritesItWithItsChanges() throws Exception {
        Channel channel = written();
        List<BsonDocument> before = channel.documents();
        channel.remove("m1");

        channel.is(channel.name + ": missing: alice:m1 at 1",
                channel.name + ": NOT equal: messages 4, changes 5, documents 3, missing 1, gaps 1");
        channel.isRepaired(before, channel.name + ": missing: alice:m1 at 1, written now",
                channel.name + ": missing: edit at 4 of alice:m1, written now",
                channel.name + ": missing: edit at 5 of alice:m1, written now",
                channel.name + ": equal: messages 4, changes 5, documents 3, missing 1, gaps 1,"
                        + " missing changes 2, written now 3");
    }

    @Test
    void tellsMessagesThatAreMissingInOnePieceInOneLineAndEachToPrograms() throws Exception {
        Channel channel = written();
        for (int i = 4; i < 40; i++) {
            channel.message("m" + i, "text");
        }
        channel.sink();
        channel.collection().deleteMany(Filters.and(Filters.gte("offset", 15), Filters.ne("offset", 30)));

        channel.is(channel.name + ": missing: 15 messages from 15 to 29", channel.name + ": missing: 14 messages from 31 to 44",
                channel.name + ": NOT equal: messages 40, changes 5, documents 11, missing 29, gaps 2");
        assertThat(audit(channel.name, "--json").lines()).hasSize(30)
                .contains("{\"collection\":\"" + channel.topic
                        + "\",\"difference\":\"missing\",\"_id\":\"alice:m10\",\"position\":15}");
    }

    @Test
    void findsFieldsThatAreNotAsTheRecordSaysAndLeavesThem() throws Exception {
        Channel channel = written();
        channel.update("m0", Updates.set("text", "forged"));
        channel.update("m1", Updates.combine(Updates.set("author.displayName", "Mallory"), Updates.unset("sentAt")));
        channel.update("m3", Updates.combine(Updates.set("weight", 1), Updates.set("acceptedAt", 5L)));

        String[] lines = {channel.name + ": unequal: alice:m0 at 0: text",
            channel.name + ": unequal: alice:m1 at 1: author, sentAt",
            channel.name + ": unequal: alice:m3 at 3: acceptedAt, weight",
            channel.name + ": NOT equal: messages 4, changes 5, documents 4, unequal 3"};
        channel.is(lines);
        assertThat(audit(channel.name, "--repair").lines()).containsExactly(lines);
        channel.is(lines);
    }

    @Test
    void findsDocumentsThatNoRecordIsOfAndLeavesThem() throws Exception {
        Channel channel = written();
        channel.collection().insertMany(List.of(
                BsonDocument.parse("{_id: 'alice:x', offset: {$numberLong: '5'}}"),
                BsonDocument.parse("{_id: {a: 1}, offset: 2}"),
                BsonDocument.parse("{_id: 'alice:far', offset: {$numberLong: '4000000000'}}"),
                BsonDocument.parse("{_id: 'alice:none'}"),
                BsonDocument.parse("{_id: 'alice:text', offset: '3'}")));

        Result result = audit(channel.name, "--repair");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).containsExactlyInAnyOrder(
                channel.name + ": without a record: alice:none", channel.name + ": without a record: alice:text",
                channel.name + ": without a record: {\"_id\": {\"a\": 1}} at 2", channel.name + ": without a record: alice:x at 5",
                channel.name + ": without a record: alice:far at 4000000000",
                channel.name + ": NOT equal: messages 4, changes 5, documents 6, without a record 5");
        assertThat(channel.collection().countDocuments()).isEqualTo(9);
    }

    @Test
    void findsADeletedMessageThatStandsThereAgain() throws Exception {
        Channel channel = written();
        List<BsonDocument> before = channel.documents();
        channel.update("m2", Updates.combine(Updates.unset("deleted"), Updates.set("text", "text 2")));

        channel.is(channel.name + ": missing: deletion at 6 of alice:m2",
                channel.name + ": NOT equal: messages 4, changes 5, documents 4, missing changes 1");
        channel.isRepaired(before, channel.name + ": missing: deletion at 6 of alice:m2, written now",
                channel.name + ": equal: messages 4, changes 5, documents 4, missing changes 1, written now 1");
    }

    @Test
    void findsADeletedMessageWhoseTextIsThereOrWhoseDeletionIsAnother() throws Exception {
        Channel channel = written();
        channel.message("m4", "text 4");
        channel.deletion("m4");
        channel.deletion("m4");
        channel.sink();
        channel.update("m2", Updates.set("text", "text 2"));
        channel.update("m4", Updates.combine(Updates.set("deleted.position", 11L),
                Updates.set("deleted.at", new Date(TIME + 11))));

        channel.is(channel.name + ": unequal: alice:m2 at 2: text",
                channel.name + ": unequal: deletion at 10 of alice:m4: deleted.position",
                channel.name + ": NOT equal: messages 5, changes 7, documents 5, unequal 2");
    }

    @Test
    void findsAnEditThatIsMissing() throws Exception {
        Channel channel = written();
        List<BsonDocument> before = channel.documents();
        channel.update("m1", Updates.combine(Updates.set("text", "first"), Updates.set("edited.position", 4L),
                Updates.set("edited.at", new Date(TIME + 4))));

        channel.is(channel.name + ": missing: edit at 5 of alice:m1",
                channel.name + ": NOT equal: messages 4, changes 5, documents 4, missing changes 1");
        channel.isRepaired(before, channel.name + ": missing: edit at 5 of alice:m1, written now",
                channel.name + ": equal: messages 4, changes 5, documents 4, missing changes 1, written now 1");
    }

    @Test
    void findsAReactionThatIsMissing() throws Exception {
        Channel channel = written();
        List<BsonDocument> before = channel.documents();
        channel.update("m3", Updates.popLast("reactions"));

        channel.is(channel.name + ": missing: reaction at 8 of alice:m3",
                channel.name + ": NOT equal: messages 4, changes 5, documents 4, missing changes 1");
        channel.isRepaired(before, channel.name + ": missing: reaction at 8 of alice:m3, written now",
                channel.name + ": equal: messages 4, changes 5, documents 4, missing changes 1, written now 1");
    }

    @Test
    void findsChangesThatAreThereWithAnotherContent() throws Exception {
        Channel channel = written();
        channel.update("m1", Updates.set("text", "never said"));
        channel.update("m2", Updates.set("deleted.by", "mallory"));
        channel.update("m3", Updates.set("reactions.0.reactions", List.of("👎")));

        channel.is(channel.name + ": unequal: edit at 5 of alice:m1: text",
                channel.name + ": unequal: deletion at 6 of alice:m2: deleted.by",
                channel.name + ": unequal: reaction at 7 of alice:m3: reactions",
                channel.name + ": NOT equal: messages 4, changes 5, documents 4, unequal 3");
    }

    @Test
    void findsChangesThatNoRecordAskedFor() throws Exception {
        Channel channel = written();
        for (int i = 4; i < 10; i++) {
            channel.message("m" + i, "text");
        }
        channel.sink();
        channel.update("m0", Updates.combine(Updates.set("text", "forged"),
                Updates.set("edited", new Document("at", new Date(TIME)).append("position", 5L))));
        channel.update("m3", Updates.push("reactions",
                new Document("userId", "mallory").append("reactions", List.of("👎")).append("position", 9L)));
        channel.update("m4", Updates.combine(Updates.unset("text"),
                Updates.set("deleted", new Document("at", new Date(TIME)).append("by", "alice").append("position", 12L))));
        channel.update("m5", Updates.set("edited", new Document("at", new Date(TIME)).append("position", 7L)));
        channel.update("m6", Updates.set("edited", new Document("at", new Date(TIME)).append("position", 700L)));
        channel.update("m7", Updates.set("edited", "yes"));

        Result result = audit(channel.name);

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).containsExactlyInAnyOrder(
                channel.name + ": without a record: edit at 5 of alice:m0",
                channel.name + ": without a record: reaction at 9 of alice:m3",
                channel.name + ": without a record: deletion at 12 of alice:m4",
                channel.name + ": without a record: edit at 7 of alice:m5",
                channel.name + ": without a record: edit at 700 of alice:m6",
                channel.name + ": unequal: alice:m7 at 12: edited",
                channel.name + ": NOT equal: messages 10, changes 5, documents 10, unequal 1, without a record 5");
    }

    @Test
    void findsThatTheIndexIsMissingAndMakesIt() throws Exception {
        Channel channel = written();
        channel.collection().dropIndexes();

        channel.is(channel.name + ": no index on offset",
                channel.name + ": NOT equal: messages 4, changes 5, documents 4, unequal 1");
        channel.isRepaired(channel.documents(), channel.name + ": no index on offset, written now",
                channel.name + ": equal: messages 4, changes 5, documents 4, unequal 1, written now 1");
    }

    @Test
    void countsWhatTheSinkHasNotComeToAndFindsNothingWrongInThat() throws Exception {
        Channel channel = written();
        channel.message("m4", "later");
        channel.edit("m0", "later");

        channel.is(channel.name + ": equal: messages 5, changes 6, documents 4, not written yet 2");
        assertThat(audit(channel.name, "--repair").status()).isZero();
        assertThat(channel.collection().countDocuments()).isEqualTo(4);
    }

    @Test
    void saysWhatItCannotSeeWhereRecordsAreGone() throws Exception {
        Channel channel = written();
        channel.remove("m0");
        channel.update("m1", Updates.set("text", "nobody knows"));
        admin.deleteRecords(Map.of(new TopicPartition(channel.topic, 0), RecordsToDelete.beforeOffset(3))).all().get();

        channel.is(channel.name + ": unequal: edit at 5 of alice:m1: text",
                channel.name + ": NOT equal: messages 1, changes 5, documents 1, unequal 1, documents older than the topic 2");
    }

    @Test
    void saysWhereNothingCanBeSeenAnyMore() throws Exception {
        Channel channel = written();
        admin.deleteTopics(List.of(channel.topic)).all().get();

        channel.is(channel.name + ": equal: documents older than the topic 4");
    }

    @Test
    void tellsWhatIsInTheDeadLettersAsSuch() throws Exception {
        Channel channel = written();
        channel.remove("m3");
        admin.createTopics(List.of(new NewTopic("chat.sink.dlq", 1, (short) 1))).all().get();
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>("chat.sink.dlq", new byte[0]);
        Map.of("topic", channel.topic, "partition", "0", "offset", "3").forEach((name, value) ->
                letter.headers().add(new RecordHeader("__connect.errors." + name, value.getBytes(UTF_8))));
        producer.send(letter).get();

        channel.is(channel.name + ": missing: alice:m3 at 3, in the dead letters",
                channel.name + ": NOT equal: messages 4, changes 5, documents 3, missing 1, gaps 1,"
                        + " of them in the dead letters 1");
    }

    @Test
    void takesWhatTheSinkSetsAsideForWhatItIs() throws Exception {
        Channel channel = written();
        channel.send("alice:x", "{".getBytes(UTF_8));
        channel.send(null, "{}".getBytes(UTF_8));
        channel.send("alice:y", null);
        channel.send("alice:z", "{\"type\":\"later\",\"x\":1}".getBytes(UTF_8));
        channel.send("alice:m9", Wire.write(new ChannelMessage("m8", channel.name, ALICE, "another's key", TIME, TIME)));
        channel.message("m1", "the same id again");
        channel.edit("m1", "third");
        channel.sink();

        channel.is(channel.name + ": equal: messages 5, changes 6, documents 4, records set aside 4");
    }

    @Test
    void neitherHugeDocumentsNorStrangeNamesDoHarm() throws Exception {
        Channel channel = written();
        channel.update("m0", Updates.set("text", "x".repeat(15_000_000)));
        channel.update("m3", Updates.set("padding", "x".repeat(15_000_000)));
        channel.collection().insertOne(BsonDocument.parse("{offset: {$numberLong: '1'}}")
                .append("_id", new BsonString("\u001b[2J\u202e" + "x".repeat(10_000))));

        Result result = audit(channel.name);

        assertThat(result.lines()).hasSize(4).contains(channel.name + ": unequal: alice:m0 at 0: size")
                .contains(channel.name + ": unequal: alice:m3 at 3: size")
                .allMatch(line -> line.length() < 400 && line.chars().noneMatch(c -> c == 0x1b || c == 0x202e));
        assertThat(audit(channel.name, "--json").out()).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void tellsTheFirstDifferencesAndHowManyMoreThereAre() throws Exception {
        Channel channel = written();
        channel.collection().insertMany(IntStream.range(0, 2_500).mapToObj(n ->
                BsonDocument.parse("{_id: 'x:" + n + "', offset: {$numberLong: '6'}}")).toList());

        Result result = audit(channel.name);

        assertThat(result.lines()).hasSize(22).endsWith(channel.name + ": and 2,480 more",
                channel.name + ": NOT equal: messages 4, changes 5, documents 2,504, without a record 2,500");
        assertThat(result.err()).contains("docs/operations.md").hasLineCount(1);
        assertThat(audit(channel.name, "--json").lines()).hasSize(2_501);
    }

    @Test
    void findsOneOfManyChangesWithoutARecord() throws Exception {
        Channel channel = new Channel("c" + channels++);
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            channel.sendSoon(new ChannelMessage("m" + i, channel.name, ALICE, "text", TIME, TIME), sent);
        }
        for (int i = 0; i < 6_000; i++) {
            channel.sendSoon(new ChannelRecord.Edit("e" + i, channel.name, ALICE, "alice:m" + i, "new", TIME, TIME), sent);
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get();
        channel.sink();
        channel.is(channel.name + ": equal: messages 6,000, changes 6,000, documents 6,000");

        channel.update("m17", Updates.set("edited.position", 11_000L));

        channel.is(channel.name + ": without a record: edit at 11000 of alice:m17",
                channel.name + ": NOT equal: messages 6,000, changes 6,000, documents 6,000, without a record 1");
    }

    /** A compacted topic, and what its sink makes of it. */
    private final class Table {

        private final String topic;
        private final String connector;
        private final SinkWork sink;
        private final List<SinkRecord> unwritten = new ArrayList<>();
        private long next;

        Table(String topic, String connector) throws Exception {
            this.topic = topic;
            this.connector = connector;
            this.sink = AuditContract.this.sink(connector);
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all().get();
        }

        void put(String key, byte[] value) {
            producer.send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value));
            unwritten.add(new SinkRecord(topic, 0, null, key, null, value, next++));
        }

        void profile(String user, String name, long updatedAt) {
            put(user, Wire.write(new UserProfile(user, name, List.of(), updatedAt)));
        }

        void sink() throws Exception {
            producer.flush();
            sink.write(unwritten.stream().map(record -> sink.transform(record).orElseThrow()).toList(), (record, error) -> {
                throw new AssertionError(error);
            });
            unwritten.clear();
            commit(connector, topic, next);
        }

        MongoCollection<BsonDocument> collection() {
            return database().getCollection(topic, BsonDocument.class);
        }
    }

    private Table users;

    /** Ada, Bob and Carol, of whom Bob has another name than he had, and Dan, who has gone. */
    private void writeTables() throws Exception {
        users = new Table("chat.users", "users-sink");
        users.profile("ada", "Ada", TIME);
        users.profile("bob", "Robert", TIME);
        users.profile("dan", "Dan", TIME);
        users.profile("carol", "Carol", TIME);
        users.profile("bob", "Bob", TIME + 1);
        users.put("dan", null);
        users.sink();
        Table rules = new Table("chat.channels", "channels-sink");
        rules.put("general", Wire.write(new ChannelRules("general", "all", Optional.of("ada"), List.of("bob"),
                ChannelRules.Posting.EVERYONE, 3, List.of(new ChannelRules.Mute("eve", OptionalLong.empty())), TIME)));
        rules.sink();
    }

    @Test
    void findsUsersAndRulesEqualWhereNoChannelIsNamed() throws Exception {
        writeTables();

        assertThat(audit().lines()).containsExactly("chat.users: equal: keys 3, documents 3",
                "chat.channels: equal: keys 1, documents 1");
        assertThat(audit().status()).isZero();
    }

    @Test
    void findsUsersAndRulesThatAreMissingOrOlderAndWritesThem() throws Exception {
        writeTables();
        users.collection().deleteOne(Filters.eq("_id", "ada"));
        users.collection().updateOne(Filters.eq("_id", "bob"),
                Updates.combine(Updates.set("displayName", "Robert"), Updates.set("updatedAt", new Date(TIME))));
        database().getCollection("chat.channels").drop();

        assertThat(audit().lines()).containsExactlyInAnyOrder("chat.users: missing: ada at 0",
                "chat.users: missing: update at 4 of bob",
                "chat.users: NOT equal: keys 3, documents 2, missing 1, missing changes 1",
                "chat.channels: missing: general at 0", "chat.channels: NOT equal: keys 1, missing 1");
        assertThat(audit().status()).isEqualTo(1);
        assertThat(audit("--repair").status()).isZero();
        assertThat(audit().lines()).containsExactly("chat.users: equal: keys 3, documents 3",
                "chat.channels: equal: keys 1, documents 1");
        assertThat(users.collection().find(Filters.eq("_id", "bob")).first().getString("displayName").getValue())
                .isEqualTo("Bob");
    }

    @Test
    void findsUsersWhoAreOthersOrNobodyAndLeavesThem() throws Exception {
        writeTables();
        users.collection().updateOne(Filters.eq("_id", "ada"), Updates.set("displayName", "Mallory"));
        users.collection().updateOne(Filters.eq("_id", "carol"), Updates.set("updatedAt", new Date(TIME + 5)));
        users.collection().insertMany(List.of(BsonDocument.parse("{_id: 'dan', userId: 'dan'}"),
                BsonDocument.parse("{_id: 'nobody'}"), BsonDocument.parse("{_id: 5}")));
        List<BsonDocument> before = users.collection().find().into(new ArrayList<>());

        Result result = audit("--repair");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).containsExactlyInAnyOrder("chat.users: unequal: ada at 0: displayName",
                "chat.users: unequal: carol at 3: updatedAt", "chat.users: without a record: dan at 5",
                "chat.users: without a record: nobody", "chat.users: without a record: {\"_id\": 5}",
                "chat.users: NOT equal: keys 3, documents 6, unequal 2, without a record 3",
                "chat.channels: equal: keys 1, documents 1");
        assertThat(users.collection().find().into(new ArrayList<>())).isEqualTo(before);
    }

    @Test
    void countsUsersWhomTheSinkHasNotComeTo() throws Exception {
        writeTables();
        users.profile("eve", "Eve", TIME);
        users.profile("ada", "Ada II", TIME + 2);
        producer.flush();

        assertThat(audit().lines()).startsWith("chat.users: equal: keys 4, documents 3, not written yet 2");
    }

    /** More than is kept in memory at once. */
    @Test
    void judgesATableInPartsThatIsLargerThanTheMemoryForIt() throws Exception {
        writeTables();
        String name = "x".repeat(60_000);
        for (int i = 0; i < 600; i++) {
            users.profile("user" + i, name, TIME);
        }
        users.sink();
        assertThat(audit().lines()).startsWith("chat.users: equal: keys 603, documents 603");

        users.collection().deleteOne(Filters.eq("_id", "user77"));
        users.collection().insertOne(BsonDocument.parse("{_id: 'nobody'}"));

        assertThat(audit().lines()).contains("chat.users: missing: user77 at 83", "chat.users: without a record: nobody");
    }

    @Test
    void saysThatTheSinkHasDoneNothingWhereItHasNot() throws Exception {
        Channel channel = new Channel("c" + channels++);
        channel.message("m0", "text");
        commit("channel-messages-sink", channel.topic, 0);
        admin.deleteConsumerGroups(List.of("connect-channel-messages-sink")).all().get();

        Result result = audit(channel.name);

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("channel-messages-sink has not written anything yet").hasLineCount(1);
    }

    @Test
    void saysWhereThereIsNoChannelAndWhatIsNoName() {
        assertThat(audit("nowhere")).satisfies(result -> {
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).isEqualTo("charla: there is no channel nowhere, neither in Kafka nor in MongoDB\n");
        });
        assertThat(audit("No Name").status()).isEqualTo(2);
        assertThat(audit("general", "--nonsense").status()).isEqualTo(2);
    }

    /** Whatever is written, edited, edited again and deleted meanwhile. */
    @Test
    void findsNothingWrongWhileOthersWrite() throws Exception {
        Channel channel = written();
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 4; !isOver.get(); i += 2) {
                    channel.message("m" + i, "text");
                    channel.message("m" + (i + 1), "text");
                    channel.sink();
                    channel.edit("m" + i, "edited");
                    channel.edit("m1", "again " + i);
                    channel.reaction("bob", "m3", i % 4 == 0 ? "👍" : "🎉");
                    if (i % 6 == 0) {
                        channel.deletion("m" + i);
                    }
                    channel.sink();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                Result result = audit(channel.name);
                assertThat(result).as(result.toString()).extracting(Result::status).isEqualTo(0);
            }
        } finally {
            isOver.set(true);
            writing.join();
        }
        assertThat(audit(channel.name).out()).contains(": equal: ").doesNotContain("not written yet");
    }
}
