package org.charla.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.charla.testing.ChildProcess;

/**
 * Messages a second into a real mongod, from the first document to the last. All find the collections with their indexes
 * and write with {@code w=majority&journal=true}; both connectors have the same number of tasks, which begin at once with
 * a backlog of all messages, each in a worker of its own: what the compiler learns from one would slow down the other.
 * What a task does the first time that it meets a channel is measured with the rest: with few messages a channel it shows.
 */
final class Sink implements AutoCloseable {

    /** Who writes. */
    enum Way {

        /** The plugin as it is shipped. */
        CHARLA("Charla"),

        /** MongoDB's own connector with its default settings. */
        STOCK("stock connector"),

        /** Bulk writes of the same documents in one thread, 1,000 a write, channel by channel. */
        LOOP("loop of bulk writes");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String DURABLE = "/?w=majority&journal=true";
    private static final int LOOP_BATCH = 1000;
    private static final String AUTHOR = "alice";
    private static final String AUTHORS_NAME = "Alice";
    private static final String CHANNEL = "general";
    private static final long SENT_AT = 1763791200123L;
    private static final long ACCEPTED_AT = 1763791200140L;

    /** What gives the stock connector documents of the same form. */
    private static final Map<String, String> STOCK_FORM = Map.ofEntries(
            Map.entry("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
            Map.entry("value.converter.schemas.enable", "false"),
            Map.entry("transforms", "key,offset,sentAt,acceptedAt"),
            Map.entry("transforms.key.type", "org.apache.kafka.connect.transforms.HoistField$Key"),
            Map.entry("transforms.key.field", "_id"),
            Map.entry("transforms.offset.type", "org.apache.kafka.connect.transforms.InsertField$Value"),
            Map.entry("transforms.offset.offset.field", "offset"),
            Map.entry("transforms.sentAt.type", "org.apache.kafka.connect.transforms.TimestampConverter$Value"),
            Map.entry("transforms.sentAt.field", "sentAt"),
            Map.entry("transforms.sentAt.target.type", "Timestamp"),
            Map.entry("transforms.sentAt.unix.precision", "milliseconds"),
            Map.entry("transforms.acceptedAt.type", "org.apache.kafka.connect.transforms.TimestampConverter$Value"),
            Map.entry("transforms.acceptedAt.field", "acceptedAt"),
            Map.entry("transforms.acceptedAt.target.type", "Timestamp"),
            Map.entry("transforms.acceptedAt.unix.precision", "milliseconds"),
            Map.entry("document.id.strategy",
                    "com.mongodb.kafka.connect.sink.processor.id.strategy.ProvidedInKeyStrategy"),
            Map.entry("document.id.strategy.overwrite.existing", "true"),
            Map.entry("post.processor.chain",
                    "com.mongodb.kafka.connect.sink.processor.AllowListValueProjector,"
                            + "com.mongodb.kafka.connect.sink.processor.DocumentIdAdder"),
            Map.entry("value.projection.type", "allowlist"),
            Map.entry("value.projection.list",
                    "messageId,channel,author,author.userId,author.displayName,text,sentAt,acceptedAt,offset"));

    private final int messages;
    private final Path folder;
    private final Broker broker;
    private Database database;
    private MongoClient client;
    private Map<Way, Worker> workers;
    private int run;

    /** @param messages how many each writes each time */
    Sink(int messages, Path work) throws Exception {
        this.messages = messages;
        folder = work.resolve("run");
        Backlog.delete(folder);
        broker = Broker.start(folder.resolve("kafka"), work.resolve("broker.log"));
        try {
            database = new Database(folder.resolve("mongod"));
            client = MongoClients.create(database.uri() + DURABLE);
            workers = Map.of(Way.CHARLA, worker("plugin"), Way.STOCK, worker("stock"));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private Worker worker(String group) throws IOException, InterruptedException {
        return Worker.start(folder.resolve("worker"), group, broker.bootstrapServers(), database.uri() + DURABLE);
    }

    /**
     * Writes all messages once, into so many channels of a new database.
     *
     * @throws IllegalStateException if what is there then isn't what was to be written: each message once, in its place
     */
    double perSecond(Way way, int channels) throws Exception {
        String into = "run" + run++;
        List<String> topics = IntStream.range(0, channels)
                .mapToObj(channel -> "chat.channel." + into + "-" + channel).toList();
        topics.forEach(topic -> collection(into, topic).createIndex(Indexes.ascending("offset")));
        double perSecond = way == Way.LOOP ? loop(into, topics)
                : connector(workers.get(way), into, topics, way == Way.STOCK);
        requireRight(into, topics);
        client.getDatabase(into).drop();
        return perSecond;
    }

    private double connector(Worker worker, String into, List<String> topics, boolean stock) throws Exception {
        ObjectNode settings = Worker.configuration("channel-messages-sink");
        settings.put("topics.regex", "chat\\.channel\\." + into + "-.*");
        settings.put("database", into);
        if (stock) {
            settings.put("connector.class", "com.mongodb.kafka.connect.MongoSinkConnector");
            settings.remove(List.of("transforms.document.type", "writemodel.strategy", "bulk.write.ordered"));
            STOCK_FORM.forEach(settings::put);
            List<String> names = new ArrayList<>();
            settings.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> name.startsWith("consumer.override.")
                    && !name.endsWith("isolation.level")).forEach(settings::remove);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(topics.stream().map(topic -> new NewTopic(topic, 1, (short) -1)).toList()).all().get();
            try {
                worker.deploy(into, settings);
                worker.awaitShared(into, topics.size());
                // All tasks begin at once, with their channels: how they come by them is not what is measured.
                worker.pause(into, settings.path("tasks.max").asInt());
                produce(topics);
                long before = database.written();
                worker.resume(into);
                return perSecond(before, worker.process());
            } finally {
                worker.delete(into);
                admin.deleteTopics(topics).all().get();
            }
        }
    }

    private double loop(String into, List<String> topics) throws IOException, InterruptedException {
        List<List<InsertOneModel<BsonDocument>>> writes = IntStream.range(0, topics.size())
                .mapToObj(channel -> documents(channel, topics.size()).map(InsertOneModel::new).toList()).toList();
        long before = database.written();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int channel = 0; channel < topics.size(); channel++) {
                MongoCollection<BsonDocument> collection = collection(into, topics.get(channel));
                List<InsertOneModel<BsonDocument>> all = writes.get(channel);
                for (int from = 0; from < all.size(); from += LOOP_BATCH) {
                    collection.bulkWrite(all.subList(from, Math.min(from + LOOP_BATCH, all.size())),
                            new BulkWriteOptions().ordered(false));
                }
            }
        }, task -> new Thread(task, "loop").start());
        double perSecond = perSecond(before, broker.process());
        writing.join();
        return perSecond;
    }

    /** @param process that has to live meanwhile */
    private double perSecond(long before, ChildProcess process) throws IOException, InterruptedException {
        process.await("writes its first", LIMIT, () -> database.written() > before);
        long begun = System.nanoTime();
        long first = database.written() - before;
        process.await("writes all", LIMIT, () -> database.written() - before >= messages);
        return (messages - first) * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begun);
    }

    private void requireRight(String into, List<String> topics) {
        for (int channel = 0; channel < topics.size(); channel++) {
            String topic = topics.get(channel);
            try (MongoCursor<BsonDocument> found =
                    collection(into, topic).find().sort(Indexes.ascending("offset")).iterator()) {
                requireSame(topic, found, documents(channel, topics.size()).iterator());
            }
        }
    }

    static void requireSame(String topic, Iterator<BsonDocument> found, Iterator<BsonDocument> expected) {
        while (found.hasNext() || expected.hasNext()) {
            BsonDocument actual = found.hasNext() ? found.next() : null;
            BsonDocument right = expected.hasNext() ? expected.next() : null;
            if (!Objects.equals(actual, right)) {
                throw new IllegalStateException("in " + topic + " there is " + actual + " for " + right);
            }
        }
    }

    private MongoCollection<BsonDocument> collection(String into, String topic) {
        return client.getDatabase(into).getCollection(topic, BsonDocument.class);
    }

    private void produce(List<String> topics) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "20"),
                new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < messages; i++) {
                producer.send(new ProducerRecord<>(topics.get(i % topics.size()), AUTHOR + ":m" + i, """
                        {"messageId":"m%d","channel":"%s","author":{"userId":"%s","displayName":"%s"},\
                        "text":"%s","sentAt":%d,"acceptedAt":%d}"""
                        .formatted(i, CHANNEL, AUTHOR, AUTHORS_NAME, text(i), SENT_AT, ACCEPTED_AT)));
            }
        }
    }

    /** What is to be in one of so many channels, in order. */
    private Stream<BsonDocument> documents(int channel, int channels) {
        return IntStream.iterate(channel, number -> number < messages, number -> number + channels)
                .mapToObj(number -> document(number, number / channels));
    }

    static BsonDocument document(int number, long offset) {
        return new BsonDocument("_id", new BsonString(AUTHOR + ":m" + number))
                .append("messageId", new BsonString("m" + number))
                .append("channel", new BsonString(CHANNEL))
                .append("author", new BsonDocument("userId", new BsonString(AUTHOR))
                        .append("displayName", new BsonString(AUTHORS_NAME)))
                .append("text", new BsonString(text(number)))
                .append("sentAt", new BsonDateTime(SENT_AT))
                .append("acceptedAt", new BsonDateTime(ACCEPTED_AT))
                .append("offset", new BsonInt64(offset));
    }

    private static String text(int number) {
        return "message " + number + " of a chat whose lines are about as long as people make them";
    }

    @Override
    public void close() throws IOException {
        if (workers != null) {
            workers.values().forEach(Worker::close);
        }
        if (client != null) {
            client.close();
        }
        if (database != null) {
            database.close();
        }
        broker.close();
        Backlog.delete(folder);
    }
}
