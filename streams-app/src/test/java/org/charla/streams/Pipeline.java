package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;

/** The topology in a test driver, with a clock that only moves when told. */
final class Pipeline implements AutoCloseable {

    static final Instant START = Instant.parse("2025-11-22T05:00:00Z");

    final FakeChannels channels = new FakeChannels();
    private final Suspects suspects = new Suspects();
    /** How many partitions {@code chat.raw} is said to have. The driver puts every record into partition 0. */
    int rawPartitions = 1;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> raw;
    private final TestOutputTopic<byte[], byte[]> rejected;
    private final TestOutputTopic<byte[], byte[]> refusals;
    private final TestOutputTopic<String, UserProfile> users;
    private Instant now = START;
    private int ids;

    Pipeline(Path stateDir, Map<String, String> settings) {
        Properties all = new Properties();
        all.put("state.dir", stateDir.toString());
        all.putAll(settings);
        StreamsAppConfig config = StreamsAppConfig.of(all, Map.of());
        Topology topology = ChatTopology.build(config, channels, suspects, () -> rawPartitions);
        driver = new TopologyTestDriver(topology, config.kafkaSettings(), START);
        raw = driver.createInputTopic(Topics.RAW, new ByteArraySerializer(), new ByteArraySerializer());
        rejected = driver.createOutputTopic(
                Topics.REJECTED, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        refusals = driver.createOutputTopic(
                Topics.REFUSALS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        users = driver.createOutputTopic(
                Topics.USERS, new StringDeserializer(), Wire.userProfileSerde().deserializer());
    }

    /** A settings file's lines as a map: {@code "channels.max", "2"}. */
    static Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    void pass(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    long now() {
        return now.toEpochMilli();
    }

    String nextId() {
        return "id-" + ++ids;
    }

    void pipe(byte[] key, byte[] value) {
        raw.pipeInput(new TestRecord<>(key, value, now));
    }

    void pipe(TestRecord<byte[], byte[]> record) {
        raw.pipeInput(record);
    }

    void send(RawEvent event) {
        pipe(event.userId().getBytes(UTF_8), Wire.write(event));
    }

    /** Sends an event with a signature of its own record, made now. */
    TestRecord<byte[], byte[]> send(RawEvent event, SigningKey key) {
        byte[] userId = event.userId().getBytes(UTF_8);
        byte[] value = Wire.write(event);
        return send(event, new RecordSigner(key, "charla", Topics.RAW).sign(userId, value, now()).toBytes());
    }

    /** Sends an event with any bytes for its signature. */
    TestRecord<byte[], byte[]> send(RawEvent event, byte[] signature) {
        TestRecord<byte[], byte[]> record = new TestRecord<>(event.userId().getBytes(UTF_8), Wire.write(event),
                new RecordHeaders().add(RecordSignature.HEADER, signature), now);
        pipe(record);
        return record;
    }

    /** Sends a record again as it is, now. */
    void sendAgain(TestRecord<byte[], byte[]> record) {
        pipe(new TestRecord<>(record.key(), record.value(), record.headers(), now));
    }

    void profile(String userId, String displayName) {
        send(new RawEvent.Profile(nextId(), userId, displayName, now()));
    }

    void removeProfile(String userId) {
        send(new RawEvent.ProfileRemoval(nextId(), userId, now()));
    }

    RawEvent.Message say(String userId, String channel, String text) {
        RawEvent.Message message = new RawEvent.Message(nextId(), userId, channel, text, now());
        send(message);
        return message;
    }

    List<TestRecord<String, ChannelMessage>> records(String channel) {
        // The driver knows a topic only once something was produced to it.
        return driver.producedTopicNames().contains(Topics.ofChannel(channel))
                ? driver.createOutputTopic(Topics.ofChannel(channel), new StringDeserializer(),
                        Wire.channelMessageSerde().deserializer()).readRecordsToList()
                : List.of();
    }

    List<String> texts(String channel) {
        return records(channel).stream().map(record -> record.value().text()).toList();
    }

    List<TestRecord<byte[], byte[]>> rejections() {
        return rejected.readRecordsToList();
    }

    /** What whoever wrote them is told. */
    List<TestRecord<byte[], byte[]>> refusals() {
        return refusals.readRecordsToList();
    }

    List<String> rejectionCodes() {
        return rejections().stream()
                .map(record -> Rejection.fromHeaders(record.headers()).orElseThrow().code()).toList();
    }

    List<TestRecord<String, UserProfile>> profiles() {
        return users.readRecordsToList();
    }

    double metric(String name, String... tag) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .filter(metric -> tag.length == 0 || tag[1].equals(metric.getKey().tags().get(tag[0])))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue()).sum();
    }

    void assertNothingRejected() {
        assertThat(rejectionCodes()).isEmpty();
    }

    @Override
    public void close() {
        driver.close();
    }
}
