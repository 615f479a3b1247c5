package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;

/**
 * Both topologies in test drivers, with a clock that only moves when told. What the one asks the other, and what that decides,
 * is carried between them behind each record, as brokers would, unless it is held.
 */
final class Pipeline implements AutoCloseable {

    static final Instant START = Instant.parse("2025-11-22T05:00:00Z");

    final FakeChannels channels = new FakeChannels();
    /** Those of the topology that judges rules. */
    final Suspects channelSuspects = new Suspects();
    /** Whether nothing is carried between the topologies. */
    boolean held;
    /** How many partitions {@code chat.raw} is said to have. The driver puts every record into partition 0. */
    int rawPartitions = 1;
    private final String requestsTopic;
    private final TopologyTestDriver driver;
    private final TopologyTestDriver channelDriver;
    private final TestInputTopic<byte[], byte[]> raw;
    private final TestInputTopic<byte[], byte[]> rules;
    private final TestInputTopic<byte[], byte[]> requests;
    /** What came out and nobody asked for yet, by topic. */
    private final Map<String, List<TestRecord<byte[], byte[]>>> produced = new TreeMap<>();
    /** How many of what was decided the one topology knows of. */
    private int carried;
    private Instant now = START;
    private final Map<String, SigningKey> keys = new HashMap<>();
    private int ids;

    Pipeline(Path stateDir, Map<String, String> settings) {
        Properties all = new Properties();
        all.put("state.dir", stateDir.toString());
        all.putAll(settings);
        StreamsAppConfig config = StreamsAppConfig.of(all, Map.of());
        Topology topology = ChatTopology.build(config, channels, new Suspects(), () -> rawPartitions);
        driver = new TopologyTestDriver(topology, config.kafkaSettings(), START);
        channelDriver = new TopologyTestDriver(ChannelTopology.build(config, channels, channelSuspects),
                config.channelsKafkaSettings(), START);
        requestsTopic = config.topics().channelRequests();
        raw = driver.createInputTopic(Topics.RAW, new ByteArraySerializer(), new ByteArraySerializer());
        rules = driver.createInputTopic(Topics.CHANNELS, new ByteArraySerializer(), new ByteArraySerializer());
        requests = channelDriver.createInputTopic(
                requestsTopic, new ByteArraySerializer(), new ByteArraySerializer());
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
        channelDriver.advanceWallClockTime(time);
    }

    long now() {
        return now.toEpochMilli();
    }

    /** The reasons and codes of what was refused. */
    List<Rejection> refused() {
        return rejections().stream().map(record -> Rejection.fromHeaders(record.headers()).orElseThrow()).toList();
    }

    String nextId() {
        return "id-" + ++ids;
    }

    void pipe(byte[] key, byte[] value) {
        pipe(new TestRecord<>(key, value, now));
    }

    void pipe(TestRecord<byte[], byte[]> record) {
        raw.pipeInput(record);
        carry();
    }

    /** Puts rules into the store of the topology that judges rules, as if all that led to them had come. */
    void decide(ChannelRules rules) {
        channelDriver.<String, ChannelRules>getKeyValueStore(StateStores.RULES).put(rules.channel(), rules);
    }

    /** Writes to {@code chat.channels}, whoever may. */
    void pipeRules(byte[] key, byte[] value) {
        rules.pipeInput(new TestRecord<>(key, value, now));
    }

    /** Writes what only the one topology writes to the other, whoever may. */
    void pipeRequest(TestRecord<byte[], byte[]> request) {
        requests.pipeInput(request);
        carry();
    }

    /** What the one topology would ask the other about a rule of this time, which came through another partition. */
    TestRecord<byte[], byte[]> requestOf(RawEvent.Rule rule, long timestamp) {
        return new TestRecord<>(rule.channel().getBytes(UTF_8), Wire.write(rule), requestHeaders(rule.userId(),
                "Name of " + rule.userId(), "AUTHOR", "chat.raw-1@0", String.valueOf(timestamp)),
                Instant.ofEpochMilli(timestamp));
    }

    static RecordHeaders requestHeaders(String user, String name, String signer, String source, String timestamp) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("user", user.getBytes(UTF_8)).add("display-name", name.getBytes(UTF_8))
                .add("signer", signer.getBytes(UTF_8)).add("source", source.getBytes(UTF_8))
                .add("timestamp", timestamp.getBytes(UTF_8));
        return headers;
    }

    /** Lets what was held go, too. */
    void release() {
        held = false;
        carry();
    }

    private void carry() {
        collect(driver);
        while (!held && !produced.getOrDefault(requestsTopic, List.of()).isEmpty()) {
            take(requestsTopic).forEach(requests::pipeInput);
        }
        collect(channelDriver);
        if (!held) {
            List<TestRecord<byte[], byte[]>> decided = produced.getOrDefault(Topics.CHANNELS, List.of());
            decided.subList(carried, decided.size()).forEach(rules::pipeInput);
            carried = decided.size();
        }
    }

    private void collect(TopologyTestDriver from) {
        from.producedTopicNames().stream().filter(topic -> !topic.endsWith("-changelog")).forEach(topic ->
                produced.computeIfAbsent(topic, name -> new ArrayList<>()).addAll(from.createOutputTopic(
                        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer()).readRecordsToList()));
    }

    private List<TestRecord<byte[], byte[]>> take(String topic) {
        List<TestRecord<byte[], byte[]>> records = produced.remove(topic);
        return records == null ? List.of() : records;
    }

    private <K, V> List<TestRecord<K, V>> take(String topic, Deserializer<K> keys, Deserializer<V> values) {
        return take(topic).stream().map(record -> new TestRecord<>(keys.deserialize(topic, record.key()),
                values.deserialize(topic, record.value()), record.headers(), record.getRecordTime())).toList();
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

    /** Sends bytes that a user signed. */
    TestRecord<byte[], byte[]> sign(byte[] value, String userId) {
        byte[] key = userId.getBytes(UTF_8);
        TestRecord<byte[], byte[]> record = new TestRecord<>(key, value, new RecordHeaders().add(RecordSignature.HEADER,
                new RecordSigner(keyOf(userId), "charla", Topics.RAW).sign(key, value, now()).toBytes()), now);
        pipe(record);
        return record;
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

    /** The key of a user's own. */
    SigningKey keyOf(String userId) {
        return keys.computeIfAbsent(userId, id -> SigningKey.generate());
    }

    /** Gives a user a profile that claims their id, with {@link #keyOf}. */
    void claim(String userId) {
        sign(new RawEvent.Profile(nextId(), userId, "Name of " + userId,
                List.of(keyOf(userId).publicKey().toString()), now()));
    }

    /** Sends an event that its user signed. */
    TestRecord<byte[], byte[]> sign(RawEvent event) {
        return send(event, keyOf(event.userId()));
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

    /** The messages in the channel. */
    List<TestRecord<String, ChannelMessage>> records(String channel) {
        return take(Topics.ofChannel(channel), new StringDeserializer(), Wire.channelMessageSerde().deserializer())
                .stream().filter(record -> record.value() != null).toList();
    }

    /** All that stands in the channel, messages or not. */
    List<TestRecord<String, ChannelRecord>> channelRecords(String channel) {
        return take(Topics.ofChannel(channel), new StringDeserializer(), Wire.channelRecordSerde().deserializer());
    }

    /** What was decided so far, the newest last. */
    List<ChannelRules> rules() {
        return produced.getOrDefault(Topics.CHANNELS, List.of()).stream()
                .map(record -> Wire.channelRulesSerde().deserializer().deserialize(Topics.CHANNELS, record.value()))
                .toList();
    }

    /** What holds in a channel, as it was decided last. */
    ChannelRules rules(String channel) {
        return rules().stream().filter(found -> found.channel().equals(channel))
                .reduce((older, newer) -> newer).orElse(ChannelRules.none(channel));
    }

    List<String> texts(String channel) {
        return records(channel).stream().map(record -> record.value().text()).toList();
    }

    List<TestRecord<byte[], byte[]>> rejections() {
        return take(Topics.REJECTED);
    }

    /** What whoever wrote them is told. */
    List<TestRecord<byte[], byte[]>> refusals() {
        return take(Topics.REFUSALS);
    }

    List<String> rejectionCodes() {
        return rejections().stream()
                .map(record -> Rejection.fromHeaders(record.headers()).orElseThrow().code()).toList();
    }

    List<TestRecord<String, UserProfile>> profiles() {
        return take(Topics.USERS, new StringDeserializer(), Wire.userProfileSerde().deserializer());
    }

    double metric(String name, String... tag) {
        return Stream.of(driver, channelDriver).flatMap(found -> found.metrics().entrySet().stream())
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
        channelDriver.close();
    }
}
