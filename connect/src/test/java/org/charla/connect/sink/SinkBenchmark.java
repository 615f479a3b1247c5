package org.charla.connect.sink;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.WriteModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.Document;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import org.charla.testing.ServerFaults;

/**
 * Messages a second into a real mongod, from the first document to the last: by the plugin as it is shipped, by the
 * stock connector with its default settings, and by a plain loop of bulk writes of the same documents in one thread
 * (1,000 a write, channel by channel). All find the collections with their indexes and write with
 * {@code w=majority&journal=true}; both connectors have the same number of tasks, which begin at once with a backlog of
 * all messages, each in a worker of its own: what the compiler learns from one would slow down the other. What a task
 * does the first time that it meets a channel is measured with the rest: with few messages a channel it shows.
 *
 * <p>Arguments: messages, runs, and the numbers of channels. It prints the median of the runs, which take turns, behind
 * one run of each that only warms up.
 */
final class SinkBenchmark {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String SINK = "channel-messages-sink";
    private static final String DURABLE = "/?w=majority&journal=true";
    private static final int LOOP_BATCH = 1000;

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

    private final ObjectMapper json = new ObjectMapper();
    private final ServerFaults faults = new ServerFaults();
    private final int messages;
    private MongoClient mongodb;
    private EmbeddedKafka kafka;
    private int run;

    private SinkBenchmark(int messages) {
        this.messages = messages;
    }

    public static void main(String[] arguments) throws Exception {
        int[] numbers = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        new SinkBenchmark(numbers[0]).measure(numbers[1], Arrays.copyOfRange(numbers, 2, numbers.length));
        System.exit(0);
    }

    private void measure(int runs, int[] sizes) throws Exception {
        Path directory = Files.createTempDirectory("sink-benchmark");
        try (Mongod server = Mongod.start(directory.resolve("mongod"));
                EmbeddedKafka broker = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
                MongoClient client = MongoClients.create(server.uri() + DURABLE);
                WorkerProcess plugin = worker("plugin", directory, broker, server);
                WorkerProcess stock = worker("stock", directory, broker, server)) {
            kafka = broker;
            mongodb = client;
            for (int size : sizes) {
                createTopics(size);
                Map<String, List<Double>> rates = new TreeMap<>();
                for (int i = 0; i <= runs; i++) {
                    Map<String, Double> turn = Map.of("plugin", sink(plugin, size, false),
                            "stock", sink(stock, size, true), "loop", loop(size));
                    if (i > 0) {
                        turn.forEach((name, rate) -> rates.computeIfAbsent(name, none -> new ArrayList<>()).add(rate));
                    }
                }
                rates.forEach((name, all) -> System.out.printf("%4d channels  %-6s  %,8.0f/s  %s%n", size, name,
                        all.stream().sorted().skip(runs / 2).findFirst().orElseThrow(),
                        all.stream().map(rate -> "%.0f".formatted(rate)).toList()));
                faults.assertNone();
            }
        }
    }

    private static WorkerProcess worker(String group, Path directory, EmbeddedKafka kafka, Mongod mongod)
            throws IOException {
        return new WorkerProcess(directory, kafka.bootstrapServers(), mongod.uri() + DURABLE, Map.of(
                "group.id", group, "config.storage.topic", group + "-configs",
                "offset.storage.topic", group + "-offsets", "status.storage.topic", group + "-status")).awaitReady();
    }

    private void createTopics(int size) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(IntStream.range(0, size)
                    .mapToObj(channel -> new NewTopic(topic(size, channel), 1, (short) -1)).toList()).all().get();
        }
    }

    private void produce(int size) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "20"),
                new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < messages; i++) {
                producer.send(new ProducerRecord<>(topic(size, i % size), "alice:m" + i, """
                        {"messageId":"m%d","channel":"general","author":{"userId":"alice","displayName":"Alice"},\
                        "text":"%s","sentAt":1763791200123,"acceptedAt":1763791200140}""".formatted(i, text(i))));
            }
        }
    }

    private double sink(WorkerProcess worker, int size, boolean stock) throws Exception {
        ObjectNode config = (ObjectNode) json.readTree(Checkout.connector(SINK).toFile());
        config.put("topics.regex", "chat\\.channel\\.b" + size + "-.*");
        String database = newDatabase(size);
        config.put("database", database);
        if (stock) {
            config.put("connector.class", "com.mongodb.kafka.connect.MongoSinkConnector");
            config.remove(List.of("transforms.document.type", "writemodel.strategy", "bulk.write.ordered"));
            STOCK_FORM.forEach(config::put);
            List<String> names = new ArrayList<>();
            config.fieldNames().forEachRemaining(names::add);
            names.stream().filter(name -> name.startsWith("consumer.override.")
                    && !name.endsWith("isolation.level")).forEach(config::remove);
        }
        config.put("consumer.override.auto.offset.reset", "latest");
        worker.request("PUT", "/" + database + "/config", config.toString());
        worker.awaitRunning(database, config.path("tasks.max").asInt());
        awaitAssigned("connect-" + database, size);
        // All tasks begin at once, with their channels: how they come by them is not what is measured.
        worker.request("PUT", "/" + database + "/pause", null);
        await().atMost(LIMIT).until(() -> worker.status(database).findValuesAsText("state").stream()
                .allMatch("PAUSED"::equals));
        produce(size);
        long before = written();
        worker.request("PUT", "/" + database + "/resume", null);
        double rate = rate(before);
        worker.request("DELETE", "/" + database, null);
        mongodb.getDatabase(database).drop();
        return rate;
    }

    private void awaitAssigned(String group, int size) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            await().atMost(LIMIT).during(Duration.ofSeconds(4)).pollInterval(Duration.ofMillis(200)).ignoreExceptions()
                    .until(() -> {
                var description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
                return description.groupState() == GroupState.STABLE && description.members().stream()
                        .mapToInt(member -> member.assignment().topicPartitions().size()).sum() == size;
            });
        }
    }

    /** With the collections and their indexes, which are made once in a channel's life and not what is measured. */
    private String newDatabase(int size) {
        String database = "run" + run++;
        IntStream.range(0, size).forEach(channel -> mongodb.getDatabase(database).getCollection(topic(size, channel))
                .createIndex(Indexes.ascending("offset")));
        return database;
    }

    private double loop(int size) throws Exception {
        List<List<WriteModel<BsonDocument>>> channels = IntStream.range(0, size)
                .mapToObj(channel -> (List<WriteModel<BsonDocument>>) new ArrayList<WriteModel<BsonDocument>>())
                .toList();
        for (int i = 0; i < messages; i++) {
            channels.get(i % size).add(new InsertOneModel<>(new BsonDocument("_id", new BsonString("alice:m" + i))
                            .append("messageId", new BsonString("m" + i))
                            .append("channel", new BsonString("general"))
                            .append("author", new BsonDocument("userId", new BsonString("alice"))
                                    .append("displayName", new BsonString("Alice")))
                            .append("text", new BsonString(text(i)))
                            .append("sentAt", new BsonDateTime(1763791200123L))
                            .append("acceptedAt", new BsonDateTime(1763791200140L))
                            .append("offset", new BsonInt64(i / size))));
        }
        String database = newDatabase(size);
        long before = written();
        Thread writer = new Thread(() -> {
            for (int channel = 0; channel < size; channel++) {
                var collection = mongodb.getDatabase(database).getCollection(topic(size, channel), BsonDocument.class);
                List<WriteModel<BsonDocument>> all = channels.get(channel);
                for (int from = 0; from < all.size(); from += LOOP_BATCH) {
                    collection.bulkWrite(all.subList(from, Math.min(from + LOOP_BATCH, all.size())),
                            new BulkWriteOptions().ordered(false));
                }
            }
        });
        writer.start();
        double rate = rate(before);
        writer.join();
        mongodb.getDatabase(database).drop();
        return rate;
    }

    private double rate(long before) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        long start = 0;
        long first = 0;
        while (true) {
            long done = written() - before;
            if (start == 0 && done > 0) {
                start = System.nanoTime();
                first = done;
            }
            if (done >= messages) {
                return (messages - first) * 1e9 / (System.nanoTime() - start);
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("only " + done + " written");
            }
            Thread.sleep(20);
        }
    }

    private long written() {
        Document counters = mongodb.getDatabase("admin").runCommand(new Document("serverStatus", 1))
                .get("opcounters", Document.class);
        return ((Number) counters.get("update")).longValue() + ((Number) counters.get("insert")).longValue();
    }

    private static String topic(int size, int channel) {
        return "chat.channel.b" + size + "-" + channel;
    }

    private static String text(int number) {
        return "message " + number + " of a chat whose lines are about as long as people make them";
    }
}
