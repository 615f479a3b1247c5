package org.charla.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCursorNotFoundException;
import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.Document;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreIT {

    private static final int NO_ROOM = 14031;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;

    private EmbeddedStore store;
    private MongoClient client;

    @BeforeEach
    void start() {
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        client = MongoClients.create(store.uri());
    }

    @AfterEach
    void stop() {
        client.close();
        store.close();
    }

    @Test
    void givesRangesInOrderAcrossAnIndexThatWasMadeBeforeOrAfterTheDocuments() {
        for (boolean before : new boolean[] {true, false}) {
            MongoCollection<Document> letters = collection("letters-" + before);
            if (before) {
                letters.createIndex(Indexes.ascending("offset"));
            }
            for (long offset : new long[] {5, 3, 9, 1, 7, 3}) {
                letters.insertOne(new Document("offset", offset));
            }
            letters.insertOne(new Document("other", 1));
            letters.createIndex(Indexes.ascending("offset"));
            assertThat(offsets(letters.find(Filters.lt("offset", 7L)).sort(Sorts.descending("offset")).limit(3)))
                    .containsExactly(5L, 3L, 3L);
            assertThat(offsets(letters.find(Filters.gte("offset", 5L)).sort(Sorts.ascending("offset"))))
                    .containsExactly(5L, 7L, 9L);
            assertThat(offsets(letters.find(Filters.and(Filters.gt("offset", 1), Filters.lt("offset", 7)))))
                    .containsExactlyInAnyOrder(3L, 3L, 5L);
            assertThat(offsets(letters.find().sort(Sorts.ascending("offset")).limit(2))).containsExactly(null, 1L);
            assertThat(offsets(letters.find(Filters.eq("offset", 3L)))).containsExactly(3L, 3L);
        }
    }

    @Test
    void anIndexFollowsReplacementsAndDeletions() {
        MongoCollection<Document> letters = collection("letters");
        letters.createIndex(Indexes.ascending("offset"));
        for (long i = 0; i < 4; i++) {
            letters.insertOne(new Document("_id", "m" + i).append("offset", i));
        }
        letters.replaceOne(Filters.eq("m0"), new Document("offset", 10L), new ReplaceOptions().upsert(true));
        letters.deleteOne(Filters.eq("m2"));
        assertThat(offsets(letters.find().sort(Sorts.descending("offset")))).containsExactly(10L, 3L, 1L);
        assertThat(offsets(letters.find(Filters.lt("offset", 3L)).sort(Sorts.ascending("offset"))))
                .containsExactly(1L);
    }

    @Test
    void theFirstOfTwoUpsertsThatSetOnInsertWins() {
        MongoCollection<Document> letters = collection("letters");
        for (String text : List.of("first", "second")) {
            letters.updateOne(Filters.eq("m1"), new Document("$setOnInsert", new Document("text", text)),
                    new UpdateOptions().upsert(true));
        }
        assertThat(letters.find().into(new ArrayList<>()))
                .containsExactly(new Document("_id", "m1").append("text", "first"));
    }

    @Test
    void findsByManyIdsAndListsAndDropsCollections() {
        MongoCollection<Document> letters = collection("letters");
        for (int i = 0; i < 5; i++) {
            letters.insertOne(new Document("_id", "m" + i));
        }
        assertThat(letters.find(Filters.in("_id", "m1", "m3", "none")).map(letter -> letter.getString("_id"))
                .into(new ArrayList<>())).containsExactlyInAnyOrder("m1", "m3");
        collection("numbers").insertOne(new Document());
        assertThat(client.getDatabase("chat").listCollectionNames().into(new ArrayList<>()))
                .contains("letters", "numbers");
        letters.drop();
        assertThat(letters.countDocuments()).isZero();
        letters.insertOne(new Document("_id", "m1"));
        assertThat(letters.countDocuments()).isOne();
    }

    @Test
    void speaksToCurrentDriversWithSessions() {
        Document hello = client.getDatabase("admin").runCommand(new Document("hello", 1));
        // The least that current drivers take, which is MongoDB 4.4's.
        assertThat(hello.getInteger("maxWireVersion")).isEqualTo(9);
        assertThat(hello.getBoolean("isWritablePrimary")).isTrue();
        assertThat(client.getDatabase("admin").runCommand(new Document("buildInfo", 1)).getString("version"))
                .startsWith("4.4.");
        try (ClientSession session = client.startSession()) {
            collection("letters").insertOne(session, new Document("_id", "m1"));
            assertThat(collection("letters").countDocuments(session)).isOne();
        }
    }

    @Test
    void refusesWhatItCannotDoAndGoesOn() {
        MongoCollection<Document> letters = collection("letters");
        Document inATransaction = new Document("insert", "letters").append("documents", List.of(new Document("_id", "t")))
                .append("txnNumber", 1L).append("startTransaction", true).append("autocommit", false);
        assertThatThrownBy(() -> client.getDatabase("chat").runCommand(inATransaction))
                .isInstanceOfSatisfying(MongoCommandException.class, e -> assertThat(e.getErrorCode()).isEqualTo(20));
        assertThatThrownBy(() -> letters.watch().cursor())
                .isInstanceOfSatisfying(MongoCommandException.class, e -> assertThat(e.getErrorCode()).isEqualTo(40573));
        assertThatThrownBy(() -> client.getDatabase("chat").runCommand(new Document("nonsense", 1)))
                .isInstanceOfSatisfying(MongoCommandException.class, e -> assertThat(e.getErrorCode()).isEqualTo(59));
        assertThat(letters.countDocuments()).isZero();
    }

    /** Each of them takes all the memory of the process, or all its time, for whoever comes behind. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesNoCommandThatMakesMuchOfLittle() {
        MongoCollection<Document> letters = collection("letters");
        letters.insertOne(new Document("_id", "m1").append("text", "a".repeat(60) + "!").append("list", List.of()));
        Document range = new Document("$range", List.of(0, 2_000_000_000));
        assertRefused(168, () -> letters.aggregate(
                List.of(new Document("$project", new Document("x", range)))).first());
        assertRefused(168, () -> letters.aggregate(
                List.of(new Document("$group", new Document("_id", range)))).first());
        assertRefused(168, () -> letters.find(new Document("$expr", new Document("$gt", List.of(range, 1)))).first());
        assertRefused(168, () -> letters.find().projection(new Document("x", range)).first());
        assertRefused(2, () -> letters.aggregate(List.of(new Document("$group",
                new Document("_id", Collections.nCopies(100_000, "$text"))))).first());
        assertRefused(2, () -> letters.aggregate(Collections.nCopies(30, new Document("$addFields",
                new Document("text", List.of("$text", "$text"))))).first());
        assertThat(letters.aggregate(List.of(new Document("$project", new Document("text", 1)))).first()).hasSize(2);
        assertRefused(2, () -> letters.updateOne(Filters.eq("m1"), new Document("$set",
                new Document("list.300000000", 1))));
        assertRefused(50, () -> letters.aggregate(List.of(new Document("$match", new Document("$or", List.of(
                new Document("text", new Document("$not", Pattern.compile("(.*a){25}b")))))))).first());
        assertThat(letters.find(Filters.regex("text", "^A+!$", "i")).first()).isNotNull();
        letters.insertOne(new Document("_id", "m2").append("price", new Document("$range", "5")));
        assertThat(letters.countDocuments()).isEqualTo(2);
    }

    /** Each of them stays in memory, whatever is in it. */
    @Test
    void takesNoMoreDatabasesCollectionsIndexesAndCursorsThanItCarries() {
        EmbeddedStore small = EmbeddedStore.start(directory.resolve("small"), 0, 20, faults);
        try (MongoClient other = MongoClients.create(small.uri())) {
            assertRefused(NO_ROOM, () -> {
                for (int i = 0; i < 1_000; i++) {
                    other.getDatabase("q" + i).getCollection("a").countDocuments();
                }
            });
            assertThat(other.listDatabaseNames()).hasSize(100);
            other.listDatabaseNames().forEach(name -> other.getDatabase(name).drop());

            MongoDatabase database = other.getDatabase("chat");
            assertRefused(NO_ROOM, () -> {
                for (int i = 0; i < 1_000; i++) {
                    other.getDatabase("chat" + i % 10).getCollection("c" + i).insertOne(new Document());
                }
            });
            assertRefused(NO_ROOM, () -> database.createCollection("c"));
            other.getDatabase("chat1").drop();
            MongoCollection<Document> letters = database.getCollection("letters");
            letters.insertMany(IntStream.range(0, 10).mapToObj(i -> new Document("_id", i)).toList());
            assertRefused(67, () -> letters.createIndex(Indexes.ascending("x".repeat(10_000))));
            assertRefused(NO_ROOM, () -> {
                for (int i = 0; i < 1_000; i++) {
                    letters.createIndex(Indexes.ascending("a" + i, "b"));
                }
            });
            letters.createIndex(Indexes.ascending("a0", "b"));
            other.getDatabase("chat2").drop();
            letters.createIndex(Indexes.ascending("offset"));

            MongoCursor<Document> first = letters.find().batchSize(2).iterator();
            MongoCursor<Document> last = first;
            for (int i = 0; i < 200; i++) {
                last = letters.find().batchSize(2).iterator();
            }
            assertThat(last).toIterable().hasSize(10);
            assertThatThrownBy(() -> first.forEachRemaining(letter -> { })).isInstanceOf(MongoCursorNotFoundException.class);
        } finally {
            small.close();
        }
        // What is there is opened again, though there is no room for more.
        EmbeddedStore.start(directory.resolve("small"), 0, 1, faults).close();
    }

    private static void assertRefused(int code, ThrowingCallable command) {
        assertThatThrownBy(command).isInstanceOfSatisfying(MongoException.class,
                e -> assertThat(e.getCode()).isEqualTo(code));
    }

    @Test
    void isSpokenToFromPythonAsWell() throws Exception {
        Process absent = new ProcessBuilder("sh", "-c", "python3 -c 'import pymongo'").start();
        if (absent.waitFor() != 0 && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("no PyMongo: pip install pymongo");
        }
        assumeTrue(absent.exitValue() == 0, "no PyMongo");
        Process python = new ProcessBuilder("python3", "-c", """
                import pymongo, sys
                client = pymongo.MongoClient(sys.argv[1], serverSelectionTimeoutMS=5000, socketTimeoutMS=10000)
                letters = client.chat['chat.channel.general']
                letters.insert_many([{'_id': i, 'author': {'userId': 'u%d' % (i % 2)}} for i in range(300)])
                with client.start_session() as session:
                    assert len(list(letters.find(session=session).sort('_id').batch_size(50))) == 300
                assert letters.count_documents({'_id': {'$gte': 100}}) == 200
                assert list(letters.aggregate([{'$group': {'_id': '$author.userId', 'n': {'$sum': 1}}},
                    {'$sort': {'_id': 1}}])) == [{'_id': 'u0', 'n': 150}, {'_id': 'u1', 'n': 150}]
                assert client.list_database_names() == ['chat']
                assert client.chat.list_collection_names() == ['chat.channel.general']
                try:
                    letters.watch()
                    raise AssertionError('watched')
                except pymongo.errors.OperationFailure as e:
                    assert e.code == 40573
                """, store.uri()).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
    }

    private MongoCollection<Document> collection(String name) {
        return client.getDatabase("chat").getCollection(name);
    }

    private static List<Long> offsets(Iterable<Document> documents) {
        List<Long> offsets = new ArrayList<>();
        documents.forEach(document -> offsets.add(document.getLong("offset")));
        return offsets;
    }
}
