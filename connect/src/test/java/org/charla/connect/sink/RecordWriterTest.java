package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.charla.connect.sink.MemoryCollection.error;
import static org.charla.connect.sink.MemoryCollection.idTaken;
import static org.charla.connect.sink.Records.edit;
import static org.charla.connect.sink.Records.message;
import static org.charla.connect.sink.Records.profile;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.MongoSocketReadException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.bulk.WriteConcernError;
import com.mongodb.client.MongoCollection;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.bson.BsonMaximumSizeExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordWriterTest {

    private final MemoryCollection mongodb = new MemoryCollection();
    private final List<Long> deadLetters = new ArrayList<>();
    private final Map<Long, Throwable> reasons = new HashMap<>();
    private final RecordWriter channels = writer(Settings.channels());
    private final RecordWriter users = writer(Settings.users());

    private RecordWriter writer(MongoSinkConfig config) {
        return new RecordWriter(config, (namespace, topic) -> mongodb.collection(), this::report);
    }

    private Future<Void> report(SinkRecord record, Throwable error) {
        deadLetters.add(record.kafkaOffset());
        reasons.put(record.kafkaOffset(), error);
        return CompletableFuture.completedFuture(null);
    }

    @Test
    void writesTheRecordsOfATopicAtOnceIntoTheCollectionOfItsName() {
        List<MongoNamespace> namespaces = new ArrayList<>();
        new RecordWriter(Settings.channels(), (namespace, topic) -> {
            namespaces.add(namespace);
            return mongodb.collection();
        }, this::report).write(messages(0, 100));
        assertThat(namespaces).containsExactly(new MongoNamespace("chat", Settings.CHANNEL));
        assertThat(mongodb.bulkWrites).containsExactly(ids(0, 100));
        assertThat(mongodb.written).isEqualTo(ids(0, 100));
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void whatIsDeliveredAgainChangesNothingAndIsNeitherTriedAgainNorSetAside() {
        channels.write(messages(0, 3));
        BsonDocument first = mongodb.documents.get("alice:m1");
        channels.write(List.of(message(7, "m1", "another"), message(8)));
        assertThat(mongodb.documents.get("alice:m1")).isEqualTo(first);
        assertThat(mongodb.documents).containsKey("alice:m8");
        assertThat(mongodb.bulkWrites).hasSize(2);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void aKeyThatAnotherIndexHasAlreadyIsSetAside() {
        mongodb.refused = id -> id.equals("alice:m1")
                ? MemoryCollection.duplicate("text_1", "{ text: \" index: _id_ \" }") : null;
        channels.write(messages(0, 3));
        assertThat(deadLetters).containsExactly(1L);
        assertThat(reasons.get(1L)).hasMessageContaining("code=11000").hasMessageContaining("text_1");
        assertThat(mongodb.written).containsExactly("alice:m0", "alice:m2");
    }

    @Test
    void aCommandRefusedForOneIdSaysNothingOfTheOthers() {
        mongodb.thrown = ids -> ids.contains("alice:m2")
                ? new MongoCommandException(MemoryCollection.answer(11000, idTaken().getMessage()), new ServerAddress())
                : null;
        channels.write(messages(0, 4));
        assertThat(mongodb.written).containsExactlyInAnyOrder("alice:m0", "alice:m1", "alice:m3");
        assertThat(deadLetters).isEmpty();
    }

    static Stream<RuntimeException> tooLarge() {
        return Stream.of(new BsonMaximumSizeExceededException("larger than 16 MB"),
                new MongoCommandException(MemoryCollection.answer(10334, "BSONObj size"), new ServerAddress()));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void aDocumentThatIsTooLargeIsFoundAmongTheOthersAndSetAsideAlone(RuntimeException tooLarge) {
        mongodb.thrown = ids -> ids.contains("alice:m70") ? tooLarge : null;
        channels.write(messages(0, 100));
        assertThat(deadLetters).containsExactly(70L);
        assertThat(reasons.get(70L)).isSameAs(tooLarge);
        assertThat(mongodb.written).hasSize(99).isSubsetOf(ids(0, 100)).doesNotHaveDuplicates();
        // Halves, not one by one.
        assertThat(mongodb.bulkWrites).hasSizeLessThan(20);
    }

    @Test
    void whatMongodbRefusesIsSetAsideAndTheOthersAreWrittenInTheirOrder() {
        mongodb.refused = id -> id.equals("bob") || id.equals("dan") ? error(121, "Document failed validation") : null;
        users.write(List.of(profile(0, "alice", "A"), profile(1, "bob", "B"), profile(2, "alice", "Alice"),
                profile(3, "carol", "C"), profile(4, "dan", "D"), profile(5, "carol", null),
                profile(6, "alice", "Al")));
        assertThat(deadLetters).containsExactly(1L, 4L);
        assertThat(reasons.get(1L)).hasMessageContaining("code=121");
        assertThat(mongodb.written).containsExactly("alice", "alice", "carol", "carol", "alice");
        assertThat(mongodb.documents.keySet()).containsExactly("alice");
        assertThat(mongodb.documents.get("alice").getString("displayName").getValue()).isEqualTo("Al");
    }

    @Test
    void halvesKeepTheOrder() {
        mongodb.thrown = ids -> ids.contains("bob") ? new BsonMaximumSizeExceededException("too large") : null;
        users.write(List.of(profile(0, "alice", "1"), profile(1, "alice", "2"), profile(2, "alice", "3"),
                profile(3, "bob", "B"), profile(4, "alice", "4"), profile(5, "alice", "5")));
        assertThat(deadLetters).containsExactly(3L);
        assertThat(mongodb.documents.get("alice").getString("displayName").getValue()).isEqualTo("5");
    }

    @Test
    void aBatchWaitsForTheOneBeforeItToBeTriedAgain() {
        RecordWriter small = writer(Settings.users("max.batch.size", "2"));
        AtomicInteger races = new AtomicInteger(1);
        mongodb.refused = id -> id.equals("bob") && races.getAndDecrement() > 0 ? idTaken() : null;
        small.write(List.of(profile(0, "alice", "A"), profile(1, "bob", "1"), profile(2, "bob", "2"),
                profile(3, "carol", "C")));
        assertThat(mongodb.documents.get("bob").getString("displayName").getValue()).isEqualTo("2");
        assertThat(mongodb.written).containsExactly("alice", "bob", "bob", "carol");
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void aRaceWithAnotherWriterIsRunAgainAndLostInTheEnd() {
        AtomicInteger races = new AtomicInteger();
        mongodb.refused = id -> id.equals("bob") && races.getAndIncrement() < RecordWriter.RACES ? idTaken() : null;
        users.write(List.of(profile(0, "bob", "B")));
        assertThat(mongodb.written).containsExactly("bob");
        assertThat(deadLetters).isEmpty();
        mongodb.bulkWrites.clear();
        mongodb.refused = id -> idTaken();
        users.write(List.of(profile(1, "bob", "Bob")));
        assertThat(deadLetters).containsExactly(1L);
        assertThat(mongodb.bulkWrites).hasSize(1 + RecordWriter.RACES);
    }

    @Test
    void whatCantBecomeADocumentIsSetAsideAndTheOthersAreWritten() {
        SinkRecord strange = Records.raw(Settings.CHANNEL, 1, "alice:m1", Records.messageJson("m1", "hola"));
        channels.write(List.of(message(0), strange, message(2)));
        assertThat(deadLetters).containsExactly(1L);
        assertThat(mongodb.bulkWrites).containsExactly(List.of("alice:m0", "alice:m2"));
    }

    @Test
    void aChangeWaitsForTheMessagesBeforeItToBeTriedAgain() {
        AtomicInteger outages = new AtomicInteger(1);
        mongodb.thrown = ids -> ids.equals(List.of("alice:m0", "alice:m2")) && outages.getAndDecrement() > 0
                ? new BsonMaximumSizeExceededException("too large") : null;
        channels.write(List.of(message(0), edit(1, "m0"), message(2), edit(3, "m2")));
        assertThat(mongodb.bulkWrites).containsExactly(List.of("alice:m0", "alice:m2"),
                List.of("alice:m0"), List.of("alice:m0"), List.of("alice:m2"), List.of("alice:m2"));
        assertThat(deadLetters).isEmpty();
    }

    static Stream<RuntimeException> outages() {
        return Stream.of(new MongoTimeoutException("no server"),
                new MongoSocketReadException("gone", new ServerAddress(), new Exception()),
                new MongoCommandException(MemoryCollection.answer(10107, "not primary"), new ServerAddress()),
                new MongoException("deep inside", new MongoTimeoutException("no server")));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void aServerThatIsAwayIsAnOutageAndNothingIsSetAside(RuntimeException outage) {
        mongodb.thrown = ids -> outage;
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(OutageException.class)
                .hasMessage(outage.getMessage()).hasCause(outage);
        assertThat(mongodb.bulkWrites).hasSize(1);
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {112, 13388, 91, 10107, 14031})
    void aWriteThatFailsForWhatPassesIsAnOutage(int code) {
        mongodb.refused = id -> id.equals("alice:m1") ? error(code, "not now") : null;
        OutageException outage = catchThrowableOfType(OutageException.class, () -> channels.write(messages(0, 3)));
        assertThat(outage).hasMessage("not now");
        assertThat(outage.setAside()).isEmpty();
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void aBulkWriteThatMongodbLabelsAsPassingIsAnOutageWhateverItsNumbers() {
        mongodb.labels = Set.of("RetryableWriteError");
        mongodb.writeConcernError = new WriteConcernError(4242, "SomethingNew", "not now", new BsonDocument());
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(OutageException.class);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void writesThatAreNotAcknowledgedInTimeAreToBeWrittenAgain() {
        mongodb.writeConcernError =
                new WriteConcernError(64, "WriteConcernTimeout", "waiting for replication", new BsonDocument());
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(OutageException.class)
                .hasMessage("waiting for replication");
        mongodb.writeConcernError = null;
        channels.write(messages(0, 3));
        assertThat(mongodb.written).isEqualTo(ids(0, 3));
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void writesThatAreNotAcknowledgedForGoodAreSetAsideButForWhatWasThereBefore() {
        channels.write(messages(0, 1));
        mongodb.writeConcernError = new WriteConcernError(4242, "SomethingNew", "not as asked", new BsonDocument());
        channels.write(messages(0, 3));
        assertThat(deadLetters).containsExactly(1L, 2L);
        assertThat(reasons.get(1L)).hasMessageContaining("not as asked");
    }

    @Test
    void whatWasSetAsideBeforeAnOutageIsToldSoThatItIsNotSetAsideTwice() {
        mongodb.refused = id -> id.equals("bob") ? error(121, "Document failed validation") : null;
        mongodb.thrown = ids -> ids.contains("alice") ? null : new MongoTimeoutException("no server");
        SinkRecord bob = profile(1, "bob", "B");
        OutageException outage = catchThrowableOfType(OutageException.class,
                () -> users.write(List.of(profile(0, "alice", "A"), bob, profile(2, "carol", "C"))));
        assertThat(outage.setAside()).containsExactly(bob);
        mongodb.thrown = ids -> null;
        users.write(List.of(profile(0, "alice", "A"), profile(2, "carol", "C")));
        assertThat(deadLetters).containsExactly(1L);
        assertThat(mongodb.documents.keySet()).containsExactly("alice", "carol");
    }

    static Stream<Supplier<RuntimeException>> needsAPerson() {
        return Stream.of(
                () -> new MongoCommandException(MemoryCollection.answer(13, "not authorized"), new ServerAddress()),
                () -> new MongoCommandException(MemoryCollection.answer(4242, "not authorized"), new ServerAddress()),
                () -> new IllegalStateException("not authorized"));
    }

    @ParameterizedTest
    @MethodSource("needsAPerson")
    void whatNeedsAPersonFailsAndNothingIsSetAside(Supplier<RuntimeException> error) {
        mongodb.thrown = ids -> error.get();
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(ConnectException.class)
                .hasMessageContaining("MongoDB refuses what the sink asks").hasMessageContaining("not authorized");
        assertThat(mongodb.bulkWrites).hasSize(1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void aSingleWriteThatTheSinkMayNotDoFailsAllAndNothingIsSetAside() {
        mongodb.refused = id -> id.equals("alice:m1") ? error(13, "not authorized") : null;
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(ConnectException.class)
                .hasMessage("MongoDB refuses what the sink asks: not authorized");
        mongodb.refused = id -> null;
        mongodb.writeConcernError =
                new WriteConcernError(100, "UnsatisfiableWriteConcern", "not enough members", new BsonDocument());
        assertThatThrownBy(() -> channels.write(messages(0, 3))).isInstanceOf(ConnectException.class)
                .hasMessage("MongoDB refuses what the sink asks: not enough members");
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void aCollectionThatCantBeMadeReadyIsAnOutageOrNeedsAPerson() {
        List<RuntimeException> errors = new ArrayList<>(List.of(new MongoTimeoutException("no server"),
                new MongoCommandException(MemoryCollection.answer(10334, "too large"), new ServerAddress())));
        RecordWriter writer = new RecordWriter(Settings.channels(), (namespace, topic) -> collection(errors),
                this::report);
        assertThatThrownBy(() -> writer.write(messages(0, 2))).isInstanceOf(OutageException.class);
        assertThatThrownBy(() -> writer.write(messages(0, 2))).isInstanceOf(ConnectException.class)
                .hasMessageContaining("too large");
        assertThat(deadLetters).isEmpty();
        writer.write(messages(0, 2));
        assertThat(mongodb.written).isEqualTo(ids(0, 2));
    }

    private MongoCollection<BsonDocument> collection(List<RuntimeException> errors) {
        if (errors.isEmpty()) {
            return mongodb.collection();
        }
        throw errors.remove(0);
    }

    @Test
    void withoutDeadLettersARecordThatCantBeWrittenFailsAndIsNamed() {
        mongodb.refused = id -> id.equals("alice:m1") ? error(121, "Document failed validation") : null;
        RecordWriter writer = new RecordWriter(Settings.channels(), (namespace, topic) -> mongodb.collection(), null);
        assertThatThrownBy(() -> writer.write(messages(0, 3))).isInstanceOf(ConnectException.class)
                .hasMessage("can't write chat.channel.general-0@1").cause().hasMessageContaining("code=121");
    }

    @Test
    void returnsWhenTheWorkerHasTheDeadLettersAndFailsWhereItCantHaveThem() {
        AtomicInteger awaited = new AtomicInteger();
        mongodb.refused = id -> error(121, "Document failed validation");
        new RecordWriter(Settings.channels(), (namespace, topic) -> mongodb.collection(), (record, error) ->
                new CompletableFuture<Void>() {
                    @Override
                    public Void get() {
                        awaited.incrementAndGet();
                        return null;
                    }
                }).write(messages(0, 3));
        assertThat(awaited).hasValue(3);

        RecordWriter full = new RecordWriter(Settings.channels(), (namespace, topic) -> mongodb.collection(),
                (record, error) -> CompletableFuture.failedFuture(new IllegalStateException("the topic is full")));
        assertThatThrownBy(() -> full.write(messages(0, 3))).isInstanceOf(ConnectException.class)
                .hasMessage("can't set a record aside: the topic is full");
    }

    private static List<SinkRecord> messages(long from, long to) {
        return LongStream.range(from, to).mapToObj(Records::message).toList();
    }

    private static List<String> ids(long from, long to) {
        return LongStream.range(from, to).mapToObj(offset -> "alice:m" + offset).toList();
    }
}
