package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Sorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.charla.protocol.Positions;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where documents stand whose topic was deleted and made anew; a subclass says in which MongoDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TopicsContract {

    @RegisterExtension
    final ServerFaults faults = new ServerFaults();

    private String uri;
    private MongoClient mongodb;
    private String topic;
    private int topics;

    /** Starts a MongoDB and returns its URI. */
    abstract String startMongodb(Path directory) throws Exception;

    abstract void stopMongodb() throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        uri = startMongodb(directory);
        mongodb = MongoClients.create(uri);
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
    }

    @Test
    void aTopicIsNotedBeforeItsFirstDocumentAndThePositionsOfTheFirstAreItsOffsets() {
        try (TaskOnALog task = task(0)) {
            task.is(log("one", "a", "b")).putAll();
            assertThat(task.committed()).isEqualTo(2);
        }
        assertThat(documents()).containsExactly("a@0", "b@1");
        assertThat(noted()).containsExactly("one 0 cluster");
    }

    @Test
    void whatComesInATopicThatIsMadeAnewStandsBehindAllThatWasThere() {
        try (TaskOnALog task = task(0)) {
            task.is(log("one", "a", "b", "c")).putAll();
            task.is(log("two", "d")).putAll();
            task.is(log("two", "d", "e", "f")).putAll();
            task.is(log("three", "g")).putAll();
            assertThat(task.committed()).isEqualTo(1);
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@2", "d@1000000000000", "e@1000000000001",
                "f@1000000000002", "g@2000000000000");
        assertThat(noted()).containsExactly("one 0 cluster", "two 1000000000000 cluster", "three 2000000000000 cluster");
    }

    @Test
    void aTopicThatHasMoreThanTheFormerOneIsReadFromItsBeginning() {
        try (TaskOnALog task = task(0)) {
            task.is(log("one", "a", "b", "c")).putAll();
            task.is(log("two", "d", "e", "f", "g", "h")).put(1);
            assertThat(task.committed()).as("what may be committed before it is read again").isZero();
            task.putAll();
            assertThat(task.committed()).isEqualTo(5);
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@2", "d@1000000000000", "e@1000000000001",
                "f@1000000000002", "g@1000000000003", "h@1000000000004");
    }

    @Test
    void whatIsPutWhileATopicIsFoundToBeAnotherIsNotWrittenAheadOfItsBeginning() {
        try (TaskOnALog task = task(0)) {
            task.is(log("one", "a")).putAll();
            task.is(log("two", "b", "c", "d", "e")).put(1).put(1);
            assertThat(documents()).containsExactly("a@0");
            task.putAll();
        }
        assertThat(documents()).containsExactly("a@0", "b@1000000000000", "c@1000000000001", "d@1000000000002",
                "e@1000000000003");
    }

    @Test
    void aTaskThatBeginsWhereTheFormerTopicEndedReadsTheNewOneFromItsBeginning() {
        write("one", "a", "b", "c");
        try (TaskOnALog another = task(3)) {
            another.is(log("two", "d", "e", "f", "g", "h")).putAll();
        }
        assertThat(documents()).endsWith("c@2", "d@1000000000000", "e@1000000000001", "f@1000000000002",
                "g@1000000000003", "h@1000000000004").hasSize(8);
    }

    /** What it had committed for the former topic stands until it commits again. */
    @Test
    void nothingIsMissingWhereATaskWasKilledBetweenTheNoteAndTheFirstDocumentOrBehindSome() {
        for (int written = 0; written < 5; written++) {
            newChannel();
            write("one", "a", "b", "c");
            notes().updateOne(new BsonDocument("_id", new BsonString(topic)), BsonDocument.parse("""
                    {"$push": {"topics": {"id": "two", "base": {"$numberLong": "1000000000000"}}}}"""));
            try (TaskOnALog killed = task(0)) {
                killed.is(log("two", "d", "e", "f", "g", "h")).put(written).committed();
            }
            try (TaskOnALog another = task(3)) {
                another.is(log("two", "d", "e", "f", "g", "h")).putAll();
            }
            assertThat(documents()).containsExactly("a@0", "b@1", "c@2", "d@1000000000000", "e@1000000000001",
                    "f@1000000000002", "g@1000000000003", "h@1000000000004");
        }
    }

    @RepeatedTest(5)
    void tasksThatMeetATopicAtTheSameTimeAgreeOnItsPositions() {
        write("one", "a", "b");
        String[] texts = IntStream.range(0, 50).mapToObj(i -> "m" + i).toArray(String[]::new);
        List<CompletableFuture<Void>> racing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            racing.add(CompletableFuture.runAsync(() -> {
                try (TaskOnALog task = task(0)) {
                    task.is(log("two", texts)).putAll();
                }
            }, work -> new Thread(work).start()));
        }
        racing.forEach(CompletableFuture::join);
        assertThat(noted()).containsExactly("one 0 cluster", "two 1000000000000 cluster");
        assertThat(documents()).hasSize(52).startsWith("a@0", "b@1", "m0@1000000000000", "m1@1000000000001")
                .endsWith("m49@1000000000049");
    }

    @Test
    void aTopicWhoseDocumentsAVersionWroteThatNotedNoneIsTheFirst() {
        write(null, "a", "b");
        assertThat(noted()).isEmpty();
        try (TaskOnALog task = task(1)) {
            task.is(log("one", "a", "b", "c")).putAll();
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@2");
        assertThat(noted()).containsExactly("one 0 cluster");
    }

    @Test
    void behindDocumentsOfAnotherTopicThatNobodyNotedATopicIsTheSecond() {
        write(null, "a", "b", "c");
        try (TaskOnALog task = task(0)) {
            task.is(log("two", "d", "e")).putAll();
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@2", "d@1000000000000", "e@1000000000001");
        assertThat(noted()).containsExactly(" 0 ", "two 1000000000000 cluster");
    }

    @Test
    void whatKafkaDidNotTellTheTopicOfIsReadAgainUntilItDoes() {
        try (TaskOnALog task = task(0)) {
            task.is(log("one", "a")).putAll();
            task.is(log("", "a", "b", "c")).put(9).put(0);
            assertThat(task.committed()).isEqualTo(1);
            task.put(9).put(0);
            assertThat(documents()).containsExactly("a@0");
            task.is(log("one", "a", "b", "c")).putAll();
            assertThat(task.committed()).isEqualTo(3);
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@2");
    }

    @Test
    void whereNobodyTellsTopicsTheOneThatWasMetLastGoesOn() {
        write("one", "a", "b");
        write("two", "c");
        try (TaskOnALog task = task(1)) {
            task.is(log(null, "c", "d")).putAll();
        }
        assertThat(documents()).containsExactly("a@0", "b@1", "c@1000000000000", "d@1000000000001");
    }

    private TaskOnALog task(int committed) {
        return new TaskOnALog(topic, uri, committed);
    }

    private List<SinkRecord> log(String id, String... texts) {
        return TaskOnALog.log(topic, id, texts);
    }

    private void write(String id, String... texts) {
        try (TaskOnALog task = task(0)) {
            task.is(log(id, texts)).putAll();
        }
    }

    private List<String> documents() {
        return mongodb.getDatabase("chat").getCollection(topic, BsonDocument.class).find().sort(Sorts.ascending("offset"))
                .map(document -> document.getString("text").getValue() + "@" + document.getInt64("offset").getValue())
                .into(new ArrayList<>());
    }

    private MongoCollection<BsonDocument> notes() {
        return mongodb.getDatabase("chat").getCollection(Positions.NOTES, BsonDocument.class);
    }

    private List<String> noted() {
        BsonDocument found = notes().find(new BsonDocument("_id", new BsonString(topic))).first();
        return found == null ? List.of() : found.getArray("topics", new BsonArray()).stream().map(noted -> {
            BsonDocument one = noted.asDocument();
            BsonString none = new BsonString("");
            return one.getString("id", none).getValue() + " " + one.getInt64("base", new BsonInt64(-1)).getValue() + " "
                    + one.getString("cluster", none).getValue();
        }).toList();
    }
}
