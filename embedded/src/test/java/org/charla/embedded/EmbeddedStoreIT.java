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
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreIT {

    private static final int TOO_MUCH = 292;
    private static final int NO_ROOM = 14031;
    private static final long FOR_A_COLLECTION = 192L << 10;

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
        EmbeddedStore small = EmbeddedStore.start(directory.resolve("small"), 0, 20 * FOR_A_COLLECTION, faults);
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
        EmbeddedStore.start(directory.resolve("small"), 0, FOR_A_COLLECTION, faults).close();
    }

    /** However much is found, and however many ask for it: what makes no more than a reply is in memory. */
    @Test
    void givesMoreThanTheMemoryHoldsInBatchesAndRefusesToSortAndCollectIt() {
        int count = 3_000;
        // Takes some 100 KB for queries, a thirtieth of what is put in.
        EmbeddedStore small = EmbeddedStore.start(directory.resolve("small"), 0, 20 * FOR_A_COLLECTION, faults);
        try (MongoClient other = MongoClients.create(small.uri())) {
            MongoDatabase database = other.getDatabase("chat");
            MongoCollection<Document> letters = database.getCollection("letters");
            letters.insertMany(IntStream.range(0, count).mapToObj(i -> new Document("_id", String.format("m%05d", i))
                    .append("offset", (long) i).append("author", "u" + i % 3).append("text", i + "x".repeat(1_000))).toList());
            letters.createIndex(Indexes.ascending("offset"));
            List<Long> all = LongStream.range(0, count).boxed().toList();
            List<Long> reverse = new ArrayList<>(all);
            Collections.reverse(reverse);

            Document batch = database.runCommand(new Document("find", "letters")).get("cursor", Document.class);
            assertThat(batch.getList("firstBatch", Document.class)).hasSizeBetween(100, 1_500);
            batch = database.runCommand(new Document("getMore", batch.getLong("id")).append("collection", "letters")
                    .append("batchSize", 1_000_000)).get("cursor", Document.class);
            assertThat(batch.getList("nextBatch", Document.class)).hasSizeBetween(100, 1_500);

            assertThat(offsets(letters.find())).isEqualTo(all);
            assertThat(offsets(letters.find().sort(Sorts.descending("$natural")))).isEqualTo(reverse);
            assertThat(offsets(letters.find().sort(Sorts.descending("_id")))).isEqualTo(reverse);
            assertThat(offsets(letters.find().sort(Sorts.descending("offset")))).isEqualTo(reverse);
            assertThat(offsets(letters.find(Filters.gte("offset", 1_000)).skip(10).limit(1_500)))
                    .isEqualTo(all.subList(1_010, 2_510));
            assertThat(offsets(letters.find(Filters.in("_id", letters.find().map(m -> m.getString("_id"))
                    .into(new ArrayList<>()))))).isEqualTo(all);
            assertThat(offsets(letters.aggregate(List.of(new Document("$match", Filters.lt("offset", 2_000))))))
                    .isEqualTo(all.subList(0, 2_000));
            assertThat(letters.countDocuments(Filters.gte("offset", 10))).isEqualTo(count - 10);
            assertThat(letters.aggregate(List.of(new Document("$group", new Document("_id", "$author")
                    .append("last", new Document("$max", "$offset")))))).extracting("last").containsExactly(2_997L, 2_998L, 2_999L);
            assertThat(letters.distinct("author", String.class)).containsExactly("u0", "u1", "u2");
            assertThat(offsets(letters.find().sort(Sorts.descending("text")).limit(1))).containsExactly(9L);
            assertThat(offsets(letters.aggregate(List.of(new Document("$sort", Sorts.descending("text")),
                    new Document("$limit", 1))))).containsExactly(9L);

            assertRefused(TOO_MUCH, () -> letters.find().sort(Sorts.descending("text")).iterator());
            assertRefused(TOO_MUCH, () -> letters.aggregate(List.of(new Document("$sort", Sorts.descending("text")))).first());
            assertRefused(TOO_MUCH, () -> letters.aggregate(List.of(new Document("$group",
                    new Document("_id", "$text")))).first());
            assertRefused(TOO_MUCH, () -> letters.aggregate(List.of(new Document("$group",
                    new Document("_id", null).append("all", new Document("$push", "$text"))))).first());
            assertRefused(TOO_MUCH, () -> letters.aggregate(List.of(new Document("$sortByCount", "$text"))).first());
            assertRefused(17217, () -> letters.distinct("text", String.class).first());
        } finally {
            small.close();
        }
    }

    /** Else nobody changes the collection meanwhile, for hours. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void looksForNothingForLongerThanASearchMayTake() {
        MongoCollection<Document> letters = collection("letters");
        letters.insertMany(IntStream.range(0, 20_000).mapToObj(i -> new Document("offset", i)).toList());
        List<Integer> others = IntStream.range(0, 300_000).map(i -> -i - 1).boxed().toList();
        assertRefused(50, () -> letters.find(Filters.in("offset", others)).first());
        assertThat(letters.countDocuments()).isEqualTo(20_000);
    }

    /** Else each change costs as much as there are documents. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void looksAtOneDocumentWhereItsIdIsGivenAmongOtherConditions() {
        int count = 20_000;
        MongoCollection<Document> letters = collection("letters");
        letters.createIndex(Indexes.ascending("offset"));
        letters.insertMany(IntStream.range(0, count).mapToObj(i -> new Document("_id", "m" + i).append("offset", (long) i))
                .toList());
        List<UpdateOneModel<Document>> changes = IntStream.range(0, count / 10).mapToObj(i -> new UpdateOneModel<Document>(
                Filters.and(Filters.eq("m" + i), Filters.exists("deleted", false), Filters.lt("offset", 1_000L)),
                Updates.set("text", "t" + i))).toList();
        assertThat(letters.bulkWrite(changes).getMatchedCount()).isEqualTo(1_000);
        assertThat(letters.countDocuments(Filters.exists("text"))).isEqualTo(1_000);
        assertThat(letters.find(Filters.and(Filters.eq("m5"), Filters.eq("text", "t4")))).isEmpty();
        assertThat(letters.find(Filters.and(Filters.eq("m5"), Filters.regex("text", "^t5$")))).hasSize(1);
    }

    @Test
    void changesElementsOfAListByTheirPlaceAndOnlyWhereTheListIsAsExpected() {
        MongoCollection<Document> letters = collection("letters");
        letters.insertOne(new Document("_id", "m1"));
        Bson absent = Filters.and(Filters.eq("m1"), Filters.exists("list", false));
        assertThat(letters.updateOne(absent, Updates.set("list", List.of(element("a", 1), element("b", 2))))
                .getMatchedCount()).isOne();
        assertThat(letters.updateOne(absent, Updates.set("list", List.of())).getMatchedCount()).isZero();
        assertThat(letters.updateOne(asExpected(2, 1), Updates.set("list.0", element("a", 3))).getMatchedCount()).isZero();
        assertThat(letters.updateOne(asExpected(1, 2), Updates.set("list.0", element("a", 3))).getMatchedCount()).isZero();
        assertThat(letters.updateOne(asExpected(2, 2), Updates.combine(Updates.set("list.0", element("a", 3)),
                Updates.set("list.2", element("c", 4)), Updates.set("list.3", element("d", 5)))).getMatchedCount()).isOne();
        assertThat(letters.find().first().getList("list", Document.class))
                .containsExactly(element("a", 3), element("b", 2), element("c", 4), element("d", 5));
    }

    private static Document element(String name, long position) {
        return new Document("name", name).append("position", position);
    }

    private static Bson asExpected(int size, long last) {
        return new Document("_id", "m1").append("list", new Document("$size", size).append("$not",
                new Document("$elemMatch", new Document("position", new Document("$gt", last)))));
    }

    @Test
    void aCursorGoesOnBehindWhatItGaveLastThoughThatIsGone() {
        MongoCollection<Document> letters = collection("letters");
        letters.insertMany(IntStream.range(0, 10).mapToObj(i -> new Document("_id", i).append("offset", (long) i)).toList());
        letters.createIndex(Indexes.ascending("offset"));
        for (MongoCursor<Document> cursor : List.of(letters.find().batchSize(2).iterator(),
                letters.find(Filters.gte("offset", 0)).batchSize(2).iterator(),
                letters.find().sort(Sorts.ascending("_id")).batchSize(2).iterator())) {
            cursor.next();
            cursor.next();
            letters.deleteMany(Filters.in("_id", 1, 2));
            letters.insertOne(new Document("_id", 10).append("offset", 10L));
            assertThat(cursor).toIterable().extracting("_id").containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
            letters.deleteOne(Filters.eq(10));
            letters.deleteMany(new Document());
            letters.insertMany(IntStream.range(0, 10).mapToObj(i -> new Document("_id", i).append("offset", (long) i))
                    .toList());
        }
    }

    @Test
    void changesEachDocumentOnceThoughThatMovesItInAnIndex() {
        MongoCollection<Document> letters = collection("letters");
        letters.insertMany(IntStream.range(0, 100).mapToObj(i -> new Document("offset", (long) i)).toList());
        letters.createIndex(Indexes.ascending("offset"));
        assertThat(letters.updateMany(Filters.gte("offset", 50), Updates.inc("offset", 10L)).getModifiedCount())
                .isEqualTo(50);
        assertThat(offsets(letters.find(Filters.gte("offset", 0)))).hasSize(100).endsWith(109L).doesNotContain(50L);
        assertThat(letters.deleteMany(Filters.lt("offset", 50)).getDeletedCount()).isEqualTo(50);
        assertThat(letters.findOneAndUpdate(new Document(), Updates.set("text", "x"),
                new FindOneAndUpdateOptions().sort(Sorts.descending("offset"))).getLong("offset")).isEqualTo(109);
        assertThat(letters.countDocuments(Filters.eq("text", "x"))).isOne();
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
