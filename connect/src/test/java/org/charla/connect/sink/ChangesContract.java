package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.charla.protocol.Wire;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What edits, deletions and reactions make of the documents of messages, however they are delivered; a subclass says in
 * which MongoDB. What is right, a {@link ChannelLedger} says, which takes one record after the other. No integration test,
 * for all its servers: to these the sink is a worker's plugin, which can't be given batches.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChangesContract {

    @RegisterExtension
    final ServerFaults faults = new ServerFaults();

    private static final int BATCH = 5_000;

    private final Queue<BsonDocument> commands = new ConcurrentLinkedQueue<>();
    private final Queue<Long> deadLetters = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Runnable> behindTheNextRead = new AtomicReference<>(() -> { });
    private MongoClient mongodb;
    private String topic;
    private int topics;

    /** Starts a MongoDB and returns its URI. */
    abstract String startMongodb(Path directory) throws Exception;

    abstract void stopMongodb() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        mongodb = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(startMongodb(directory)))
                .writeConcern(WriteConcern.MAJORITY).addCommandListener(new CommandListener() {
                    @Override
                    public void commandStarted(CommandStartedEvent event) {
                        commands.add(event.getCommand().clone());
                    }

                    @Override
                    public void commandSucceeded(CommandSucceededEvent event) {
                        if (event.getCommandName().equals("find")) {
                            behindTheNextRead.getAndSet(() -> { }).run();
                        }
                    }
                }).build());
    }

    @AfterAll
    void stop() throws Exception {
        if (mongodb != null) {
            mongodb.close();
        }
        stopMongodb();
    }

    @BeforeEach
    void newChannel() {
        topic = "chat.channel.c" + topics++;
        deadLetters.clear();
    }

    @Test
    void everyPrefixDeliveredAgainFromEveryEarlierPositionEndsWithTheSameDocuments() {
        ChannelLog log = new ChannelLog(new Random(1), 36);
        ChannelLedger right = new ChannelLedger();
        RecordWriter writer = writer();
        for (int end = 1; end <= log.size(); end++) {
            right.apply(end - 1, log.get(end - 1));
            for (int begin = end - 1; begin >= 0; begin--) {
                writer.write(records(log, begin, end));
                assertThat(documents()).as("[%d, %d)", begin, end).isEqualTo(right.documents());
            }
        }
        assertThat(deadLetters).isEmpty();
    }

    @RepeatedTest(10)
    void batchesCutAnywhereAndDeliveredAgainEndWithTheSameDocuments(RepetitionInfo repetition) {
        ChannelLog log = new ChannelLog(new Random(repetition.getCurrentRepetition()), 120);
        deliver(log, log.size(), new Random(-repetition.getCurrentRepetition()));
        assertThat(documents()).isEqualTo(log.documents());
        assertThat(deadLetters).isEmpty();
    }

    @RepeatedTest(10)
    void twoTasksThatRaceEndWithTheSameDocuments(RepetitionInfo repetition) {
        ChannelLog log = new ChannelLog(new Random(100 + repetition.getCurrentRepetition()), 120);
        Random random = new Random(-100 - repetition.getCurrentRepetition());
        int end = random.nextInt(log.size());
        Random ofTheOther = new Random(random.nextLong());
        // One that was taken its partition away, and does not know it yet.
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> deliver(log, end, ofTheOther),
                work -> new Thread(work).start());
        deliver(log, log.size(), random);
        other.join();
        assertThat(documents()).isEqualTo(log.documents());
        assertThat(deadLetters).isEmpty();
    }

    /** As a task is given them: in their order, but now and then from an earlier one on, as after a rebalance. */
    private void deliver(ChannelLog log, int end, Random random) {
        RecordWriter writer = writer();
        int next = 0;
        while (next < end) {
            int to = Math.min(next + 1 + random.nextInt(30), end);
            writer.write(records(log, next, to));
            next = random.nextInt(4) == 0 ? random.nextInt(to + 1) : to;
        }
    }

    @Test
    void whoFindsThatAnotherWriterWasQuickerReadsAgainAndLosesNothing() {
        for (int first = 1; first < 5; first++) {
            newChannel();
            ChannelLog log = new ChannelLog();
            log.message("alice", "m1", "hola");
            log.reaction("bob", "alice:m1", List.of("👍"));
            log.edit("alice", "alice:m1", "adiós");
            log.reaction("bob", "alice:m1", List.of("🎉"));
            log.reaction("carol", "alice:m1", List.of("👍"));
            log.edit("alice", "alice:m1", "hasta luego");
            RecordWriter writer = writer();
            RecordWriter quicker = writer();
            int to = first + 1;
            writer.write(records(log, 0, first));
            behindTheNextRead.set(() -> quicker.write(records(log, 1, to)));
            writer.write(records(log, first, log.size()));
            assertThat(documents()).isEqualTo(log.documents());
            assertThat(deadLetters).isEmpty();
        }
    }

    @Test
    void ofTenThousandWhoReactToOneMessageTheFirstThousandHaveAPlaceAndABatchIsOneUpdate() {
        ChannelLog log = new ChannelLog();
        log.message("alice", "m1", "hola");
        IntStream.range(0, 2 * BATCH).forEach(i -> log.reaction("u" + i, "alice:m1", List.of("👍")));
        IntStream.range(0, BATCH).forEach(i -> log.reaction("u" + i, "alice:m1", i % 2 == 0 ? List.of() : List.of("🎉")));
        writeInBatches(log);
        assertThat(documents()).isEqualTo(log.documents());
        assertThat(documents().get(0).getArray("reactions")).hasSize(1_000);
        assertThat(updates()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void aMessageEditedTenThousandTimesHasTheLastTextAndABatchIsOneUpdate() {
        ChannelLog log = new ChannelLog();
        log.message("alice", "m1", "hola");
        IntStream.range(0, 2 * BATCH - 1).forEach(i -> log.edit("alice", "alice:m1", "text " + i));
        writeInBatches(log);
        assertThat(documents()).isEqualTo(log.documents());
        assertThat(updates()).containsExactly(1, 1);
    }

    private void writeInBatches(ChannelLog log) {
        RecordWriter writer = writer();
        commands.clear();
        for (int from = 0; from < log.size(); from += BATCH) {
            writer.write(records(log, from, Math.min(from + BATCH, log.size())));
        }
    }

    /** How many each command asked for. */
    private List<Integer> updates() {
        return commands.stream().filter(command -> command.containsKey("update"))
                .map(command -> command.getArray("updates").size()).toList();
    }

    @Test
    void messagesWithoutChangesAreInsertedAndNothingElse() {
        ChannelLog log = new ChannelLog();
        IntStream.range(0, 100).forEach(i -> log.message("alice", "m" + i, "hola"));
        RecordWriter writer = writer();
        writer.write(records(log, 0, 1));
        commands.clear();
        writer.write(records(log, 1, 100));
        assertThat(commands).hasSize(1).first().satisfies(command -> assertThat(command.getFirstKey()).isEqualTo("insert"));
    }

    /** It may be another writer's, which nobody has acknowledged. */
    @Test
    void whatIsFoundToBeDoneIsAcknowledgedLikeAWrite() {
        ChannelLog log = new ChannelLog();
        log.message("alice", "m1", "hola");
        log.edit("alice", "alice:m1", "adiós");
        log.deletion("alice", "alice:m1");
        RecordWriter writer = writer();
        writer.write(records(log, 0, 3));
        commands.clear();
        writer.write(records(log, 1, 2));
        writer.write(records(log, 2, 3));
        assertThat(updates()).containsExactly(1, 1);
        assertThat(documents()).isEqualTo(log.documents());
    }

    @Test
    void aChangeThatCantBeWrittenGoesToTheDeadLettersAlone() {
        mongodb.getDatabase("chat").getCollection(topic).createIndex(Indexes.ascending("edited.at"),
                new IndexOptions().unique(true).sparse(true));
        ChannelLog log = new ChannelLog();
        log.message("alice", "m1", "hola");
        log.message("alice", "m2", "hola");
        log.message("alice", "m3", "hola");
        log.edit("alice", "alice:m2", "taken");
        int before = log.size();
        log.edit("alice", "alice:m1", "first");
        log.reaction("bob", "alice:m1", List.of("👍"));
        log.editOfTheTime(log.timeOf(3), "alice", "alice:m1", "can't be");
        log.reaction("bob", "alice:m3", List.of("🎉"));
        log.reaction("carol", "alice:m1", List.of("🎉"));
        log.edit("alice", "alice:m3", "third");
        RecordWriter writer = writer();
        writer.write(records(log, 0, before));
        writer.write(records(log, before, log.size()));
        assertThat(deadLetters).containsExactly(before + 2L);
        assertThat(documents()).isEqualTo(log.documentsWithout(before + 2));
    }

    private RecordWriter writer() {
        SinkCollections collections = new SinkCollections(mongodb);
        return new RecordWriter(Settings.channels(), collections::get, (record, error) -> {
            deadLetters.add(record.kafkaOffset());
            return CompletableFuture.completedFuture(null);
        });
    }

    private List<SinkRecord> records(ChannelLog log, int from, int to) {
        List<SinkRecord> records = new ArrayList<>();
        try (ChannelMessageDocument document = new ChannelMessageDocument()) {
            for (int position = from; position < to; position++) {
                SinkRecord record = document.apply(new SinkRecord(topic, 0, null, log.get(position).id(), null,
                        Wire.write(log.get(position)), position));
                if (record != null) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private List<BsonDocument> documents() {
        MongoCollection<BsonDocument> collection = mongodb.getDatabase("chat").getCollection(topic, BsonDocument.class);
        return collection.find().sort(Sorts.ascending("offset")).map(ChangesContract::sorted).into(new ArrayList<>());
    }

    /** The order of a document's fields is nobody's business. */
    static BsonDocument sorted(BsonDocument document) {
        BsonDocument sorted = new BsonDocument();
        document.keySet().stream().sorted().forEach(name -> {
            BsonValue value = document.get(name);
            sorted.append(name, value.isDocument() ? sorted(value.asDocument()) : value);
        });
        return sorted;
    }
}
