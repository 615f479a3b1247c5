package org.charla.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.record.internal.CompressionType.GZIP;
import static org.apache.kafka.common.record.internal.CompressionType.LZ4;
import static org.apache.kafka.common.record.internal.CompressionType.NONE;
import static org.apache.kafka.common.record.internal.CompressionType.SNAPPY;
import static org.apache.kafka.common.record.internal.CompressionType.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.claiming;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;
import static org.charla.testing.RawProducer.zeros;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.charla.testing.Checkout;
import org.charla.testing.RawProducer;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the embedded Kafka makes of compressed batches, honest ones and others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnpackingHandlerIT {

    private static final byte[] ALICE = "alice".getBytes(UTF_8);
    private static final byte[] HOLA = "hola".getBytes(UTF_8);
    private static final int HUGE = 300 << 20;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;
    private RawProducer producer;
    private String topic;
    private int topics;

    @BeforeAll
    void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, faults);
    }

    @AfterAll
    void stopKafka() {
        kafka.close();
    }

    /** A topic that keeps batches compressed as they come, which is what a stranger's may do. */
    @BeforeEach
    void createTopic() throws Exception {
        topic = "topic-" + topics++;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            NewTopic asItComes = new NewTopic(topic, 1, (short) 1).configs(Map.of("compression.type", "producer"));
            admin.createTopics(List.of(asItComes)).all().get(10, TimeUnit.SECONDS);
        }
        producer = new RawProducer(kafka.bootstrapServers());
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void takesHonestBatchesAsTheyAre(CompressionType compression) throws IOException {
        assertThat(producer.send(topic, 0, batch(compression, 1, repeated(record(ALICE, HOLA), 1))))
                .isEqualTo(Errors.NONE);
        assertThat(producer.send(topic, 0, batch(compression, 1, zeros(ALICE, 500_000)))).isEqualTo(Errors.NONE);
        assertThat(read()).extracting(ConsumerRecord::key).containsExactly("alice", "alice");
        assertThat(read()).extracting(ConsumerRecord::value).containsExactly("hola", "\0".repeat(500_000));
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = {"GZIP", "ZSTD", "SNAPPY", "LZ4"})
    void refusesWhatUnpacksToMoreThanItsTopicTakes(CompressionType compression) throws IOException {
        assertRefused(batch(compression, 1, zeros(ALICE, 1_100_000)), Errors.MESSAGE_TOO_LARGE);
        assertRefused(batch(compression, 1, zeros(new byte[1_100_000], 0)), Errors.MESSAGE_TOO_LARGE);
        assertRefused(batch(compression, 2, repeated(record(ALICE, new byte[600_000]), 2)), Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void refusesKilobytesThatUnpackToHundredsOfMegabytes() throws IOException {
        assertRefused(batch(ZSTD, 1, zeros(ALICE, HUGE)), Errors.MESSAGE_TOO_LARGE);
        assertRefused(batch(GZIP, 1, zeros(ALICE, HUGE / 10)), Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void refusesKilobytesThatUnpackToMillionsOfRecords() throws IOException {
        int count = 20_000_000;
        assertRefused(batch(ZSTD, count, repeated(record(new byte[0], new byte[0]), count)), Errors.MESSAGE_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, HUGE, 1_000_000, -5, Integer.MIN_VALUE})
    void refusesARecordThatClaimsAnotherLengthThanItHas(int length) throws IOException {
        for (CompressionType compression : CompressionType.values()) {
            assertRefused(batch(compression, 1, repeated(claiming(length, ALICE, HOLA), 1)), Errors.INVALID_RECORD);
        }
    }

    @Test
    void refusesABatchThatClaimsMoreRecordsThanItHas() throws IOException {
        for (CompressionType compression : CompressionType.values()) {
            byte[] batch = batch(compression, Integer.MAX_VALUE, repeated(record(ALICE, HOLA), 1));
            assertRefused(batch, Errors.INVALID_RECORD);
        }
    }

    @Test
    void refusesSnappyThatClaimsMoreThanItHas() throws IOException {
        byte[] framing = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
        // 400 MiB, as Snappy writes lengths.
        byte[] claim = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0xC8, 1, 0, 0, 0};
        byte[] none = {};
        assertRefused(batch(SNAPPY, 1, claim), Errors.MESSAGE_TOO_LARGE);
        assertRefused(batch(SNAPPY, 1, join(framing, length(claim.length), claim)), Errors.MESSAGE_TOO_LARGE);
        assertRefused(batch(SNAPPY, 1, join(framing, length(HUGE), claim)), Errors.INVALID_RECORD);
        assertRefused(batch(SNAPPY, 1, join(framing, length(-1), claim)), Errors.INVALID_RECORD);
        assertRefused(batch(SNAPPY, 1, join(framing, length(0))), Errors.INVALID_RECORD);
        assertRefused(batch(SNAPPY, 1, none), Errors.INVALID_RECORD);
    }

    @Test
    void refusesWhatCantBeUnpacked() throws IOException {
        for (CompressionType compression : List.of(GZIP, SNAPPY, LZ4, ZSTD)) {
            byte[] whole = batch(compression, 1, zeros(ALICE, 500_000));
            byte[] packed = Arrays.copyOfRange(whole, 61, whole.length);
            assertRefused(batch(compression, 1, Arrays.copyOf(packed, packed.length / 2)), Errors.INVALID_RECORD);
            assertRefused(batch(compression, 1, "no such thing".getBytes(UTF_8)), Errors.INVALID_RECORD);
        }
    }

    @Test
    void refusesABombInFrontOfAnotherBatchOrOfRubbish() throws IOException {
        byte[] bomb = batch(ZSTD, 1, zeros(ALICE, HUGE / 10));
        assertRefused(join(bomb, batch(NONE, 1, repeated(record(ALICE, HOLA), 1))), Errors.INVALID_RECORD);
        assertRefused(join(bomb, new byte[3]), Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void refusesADamagedBatch() throws IOException {
        byte[] damaged = batch(ZSTD, 1, repeated(record(ALICE, HOLA), 1));
        damaged[17]++;
        assertRefused(damaged, Errors.CORRUPT_MESSAGE);
    }

    @Test
    void refusesRequestsThatAreLargerThanAnyTopicTakes() throws IOException {
        producer.announce(100 << 20);
        assertThat(producer.isClosedByPeer()).isTrue();
    }

    private void assertRefused(byte[] batch, Errors error) throws IOException {
        assertThat(producer.send(topic, 0, batch)).isEqualTo(error);
        assertThat(read()).isEmpty();
    }

    private List<ConsumerRecord<String, String>> read() {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
            return records;
        }
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(4).putInt(length).array();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.write(part);
        }
        return joined.toByteArray();
    }
}
