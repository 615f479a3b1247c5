package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Topics;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of others that stay open, and stop who reads committed records behind them. */
class OpenTransactionsIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private static final List<TopicPartition> RAW =
            IntStream.range(0, 6).mapToObj(partition -> new TopicPartition(Topics.RAW, partition)).toList();

    private static final String STRANGER = "a stranger's";

    @TempDir
    Path directory;

    private EmbeddedKafka kafka(Map<String, String> settings) throws Exception {
        return EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, settings, faults);
    }

    private StreamsApp started(EmbeddedKafka kafka, String stateFolder) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve(stateFolder).toString());
        settings.put("http.listen", "127.0.0.1:0");
        return StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
    }

    private StreamsApp app(EmbeddedKafka kafka) throws InterruptedException {
        StreamsApp app = started(kafka, "state");
        assertThat(app.awaitRunning(Duration.ofSeconds(60))).isTrue();
        return app;
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka, int timeoutMs) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "transactional.id", STRANGER, "transaction.timeout.ms", timeoutMs),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Leaves a record in each partition whose transaction nobody ends. */
    private static void leaveOpen(KafkaProducer<byte[], byte[]> producer, Collection<TopicPartition> partitions) {
        producer.initTransactions();
        producer.beginTransaction();
        partitions.forEach(partition -> producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), "alice".getBytes(UTF_8), new byte[0])));
        producer.flush();
    }

    /** Leaves a record in each partition whose transaction was never made known to its coordinator. */
    private static void leaveHanging(EmbeddedKafka kafka, Collection<TopicPartition> partitions) throws Exception {
        long producerId;
        try (KafkaProducer<byte[], byte[]> producer = producer(kafka, 10_000);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            producer.initTransactions();
            producerId = admin.listTransactions().all().get().stream()
                    .filter(transaction -> transaction.transactionalId().equals(STRANGER))
                    .mapToLong(TransactionListing::producerId).findFirst().orElseThrow();
        }
        ProduceRequestData request = new ProduceRequestData()
                .setTransactionalId(STRANGER).setAcks((short) -1).setTimeoutMs(10_000);
        for (TopicPartition partition : partitions) {
            request.topicData().add(new ProduceRequestData.TopicProduceData().setName(partition.topic()).setPartitionData(
                    List.of(new ProduceRequestData.PartitionProduceData().setIndex(partition.partition()).setRecords(
                            MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) 0, 0,
                                    new SimpleRecord("alice".getBytes(UTF_8), new byte[0]))))));
        }
        // The last version in which the broker doesn't make partitions known to the coordinator by itself.
        short version = 11;
        ByteBuffer bytes = new ProduceRequest(request, version)
                .serializeWithHeader(new RequestHeader(ApiKeys.PRODUCE, version, "stranger", 1));
        String[] address = kafka.bootstrapServers().split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(bytes.remaining());
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            new DataInputStream(socket.getInputStream()).readInt();
        }
    }

    /** As {@code kafka-transactions.sh describe-producers} and {@code abort} do it. */
    private static void abort(EmbeddedKafka kafka, Collection<TopicPartition> partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (TopicPartition partition : partitions) {
                for (ProducerState state : admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                        .activeProducers()) {
                    if (state.currentTransactionStartOffset().isPresent()) {
                        admin.abortTransaction(new AbortTransactionSpec(partition, state.producerId(),
                                (short) state.producerEpoch(), state.coordinatorEpoch().orElse(0))).all().get();
                    }
                }
            }
        }
    }

    private static HttpResponse<String> get(StreamsApp app, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + app.httpAddress().orElseThrow().getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static void awaitReady(StreamsApp app, int status) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(get(app, "/health/ready").statusCode()).isEqualTo(status));
    }

    private static double metric(StreamsApp app, String name, String topic) throws Exception {
        String line = name + "{topic=\"" + topic + "\"} ";
        return get(app, "/metrics").body().lines().filter(found -> found.startsWith(line))
                .mapToDouble(found -> Double.parseDouble(found.substring(line.length()))).sum();
    }

    @Test
    void tellsOfATransactionOnTheRawTopicUntilItIsAborted() throws Exception {
        try (EmbeddedKafka kafka = kafka(Map.of("transaction.max.timeout.ms", "900000"));
                Ledger ledger = new Ledger(kafka.bootstrapServers());
                StreamsApp app = app(kafka);
                KafkaProducer<byte[], byte[]> stranger = producer(kafka, 900_000)) {
            ledger.profile("alice");
            ledger.say("alice", "general");
            ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
            awaitReady(app, 200);

            leaveOpen(stranger, RAW);
            ledger.say("alice", "general");
            ledger.flush();
            awaitReady(app, 503);
            assertThat(get(app, "/health/ready").body()).contains("\"status\":\"DOWN\"", "\"lag\":0",
                    "\"reason\":\"A transaction has been open at offset", " of chat.raw-");
            assertThat(get(app, "/health/live").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(metric(app, "charla_stable_offset_delay_seconds", Topics.RAW)).isGreaterThanOrEqualTo(5);
                assertThat(metric(app, "charla_stable_offset_lag", Topics.RAW)).isEqualTo(RAW.size() + 1);
            });
            assertThat(metric(app, "charla_stable_offset_lag", "chat.channel.*")).isZero();
            assertThat(ledger.channelMessages().get("general")).hasSize(1);

            abort(kafka, RAW);
            awaitReady(app, 200);
            ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                    assertThat(metric(app, "charla_stable_offset_lag", Topics.RAW)).isZero());
        }
    }

    /** It has lost its state, and reads its changelogs first. */
    @Test
    void saysWhichTransactionItsStartWaitsFor() throws Exception {
        try (EmbeddedKafka kafka = kafka(Map.of("transaction.max.timeout.ms", "900000"));
                Ledger ledger = new Ledger(kafka.bootstrapServers());
                KafkaProducer<byte[], byte[]> stranger = producer(kafka, 900_000)) {
            try (StreamsApp first = app(kafka)) {
                ledger.profile("alice");
                ledger.say("alice", "general");
                ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
                awaitReady(first, 200);
            }
            List<TopicPartition> changelog = IntStream.range(0, RAW.size())
                    .mapToObj(partition -> new TopicPartition("charla-streams-users-changelog", partition)).toList();
            leaveOpen(stranger, changelog);
            try (StreamsApp app = started(kafka, "lost")) {
                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(get(app, "/health/ready").body())
                        .contains("\"status\":\"DOWN\"", "A transaction has been open at offset", "users-changelog-"));
                abort(kafka, changelog);
                ledger.say("alice", "general");
                ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
                awaitReady(app, 200);
            }
        }
    }

    /** What a coordinator leaves that took a partition for deleted while it had no leader (KAFKA-20734). */
    @Test
    void tellsOfTransactionsThatTheirCoordinatorKnowsNothingOf() throws Exception {
        try (EmbeddedKafka kafka = kafka(Map.of("transaction.partition.verification.enable", "false"));
                Ledger ledger = new Ledger(kafka.bootstrapServers());
                StreamsApp app = app(kafka)) {
            ledger.profile("alice");
            ledger.say("alice", "general");
            ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));

            List<TopicPartition> written = Stream.of("chat.channel.general", Topics.USERS, Topics.REJECTED,
                    Topics.REFUSALS, "charla-streams-users-changelog").map(topic -> new TopicPartition(topic, 0)).toList();
            leaveHanging(kafka, written);
            awaitReady(app, 503);
            for (String topic : List.of("chat.channel.*", Topics.USERS, Topics.REJECTED, Topics.REFUSALS,
                    "internal")) {
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    assertThat(metric(app, "charla_stable_offset_delay_seconds", topic)).isGreaterThanOrEqualTo(5);
                    assertThat(metric(app, "charla_stable_offset_lag", topic)).isEqualTo(1);
                });
            }
            abort(kafka, written);
            awaitReady(app, 200);
        }
    }

    @Test
    void letsNobodyKeepATransactionOpenForLong() throws Exception {
        try (EmbeddedKafka kafka = kafka(Map.of());
                Ledger ledger = new Ledger(kafka.bootstrapServers());
                StreamsApp app = app(kafka)) {
            ledger.profile("alice");
            try (KafkaProducer<byte[], byte[]> stranger = producer(kafka, 60_000)) {
                assertThatThrownBy(stranger::initTransactions).hasMessageContaining("transaction.max.timeout.ms");
            }
            try (KafkaProducer<byte[], byte[]> stranger = producer(kafka, 15_000)) {
                leaveOpen(stranger, RAW);
                ledger.say("alice", "general");
                awaitReady(app, 503);
                ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
                awaitReady(app, 200);
            }
        }
    }
}
