package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.charla.testing.RawProducer.at;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.SigningKey;
import org.charla.testing.Checkout;
import org.charla.testing.RawProducer;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both applications on a real broker: what comes from the one to the other, and back. */
class ChannelRulesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String REQUESTS = "charla-streams-channel-requests";

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;
    private EmbeddedKafka kafka;
    private Ledger ledger;
    private KafkaProducer<byte[], byte[]> producer;
    private StreamsApp app;
    private final Map<String, SigningKey> keys = new HashMap<>();
    private int ids;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        ledger = new Ledger(kafka.bootstrapServers());
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        if (app != null) {
            assertThat(app.failure()).isNotDone();
            app.close();
        }
        producer.close();
        ledger.close();
        kafka.close();
    }

    private String[] settings(String stateFolder) {
        return new String[] {"bootstrap.servers=" + kafka.bootstrapServers(),
            "state.dir=" + directory.resolve(stateFolder)};
    }

    private void app(String stateFolder) throws InterruptedException {
        Properties properties = new Properties();
        for (String setting : settings(stateFolder)) {
            properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        app = StreamsApp.start(StreamsAppConfig.of(properties, Map.of()));
        assertThat(app.awaitRunning(LIMIT)).isTrue();
    }

    private String nextId() {
        return "id-" + ++ids;
    }

    private void claim(String... userIds) {
        for (String userId : userIds) {
            keys.put(userId, SigningKey.generate());
            ledger.send(new RawEvent.Profile(nextId(), userId, "The " + userId,
                    List.of(keys.get(userId).publicKey().toString()), System.currentTimeMillis()), keys.get(userId));
        }
    }

    private void send(RawEvent event) {
        ledger.send(event, keys.get(event.userId()));
    }

    private RawEvent.Message say(String userId, String channel, String text) {
        RawEvent.Message message =
                new RawEvent.Message(nextId(), userId, channel, text, System.currentTimeMillis());
        send(message);
        return message;
    }

    private RawEvent.Rule rule(String userId, String channel, ChannelRule rule, String value) {
        RawEvent.Rule event = new RawEvent.Rule(
                nextId(), userId, channel, rule, value, OptionalLong.empty(), System.currentTimeMillis());
        send(event);
        return event;
    }

    /** All that was said of what holds in channels, the newest last. */
    private List<ChannelRules> rules(String channel) {
        return ledger.readAll(Topics.CHANNELS).stream()
                .map(record -> rulesOrNull(record.value()))
                .filter(found -> found != null && found.channel().equals(channel)).toList();
    }

    private static ChannelRules rulesOrNull(byte[] value) {
        try {
            return Wire.readChannelRules(value);
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    private List<ChannelRecord> records(String channel) {
        return ledger.channelRecords().getOrDefault(channel, List.of());
    }

    private List<String> texts(String channel) {
        return ledger.channelMessages().getOrDefault(channel, List.of()).stream().map(said -> said.text()).toList();
    }

    private List<String> rejectionCodes() {
        return ledger.rejections().stream().map(Rejection::code).toList();
    }

    private void awaitOwner(String channel, String owner) {
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(rules(channel)).last().extracting(ChannelRules::owner).isEqualTo(Optional.of(owner)));
    }

    /** Has the user speak until that is refused: what was ruled holds from then on. */
    private void awaitRefused(String userId, String channel, String code) {
        await().atMost(LIMIT).until(() -> {
            String id = say(userId, channel, "unheard").messageId();
            await().atMost(LIMIT).until(() -> isJudged(id, channel));
            return rejectionCodes().contains(code);
        });
    }

    private boolean isJudged(String messageId, String channel) {
        return records(channel).stream().anyMatch(record -> record.messageId().equals(messageId))
                || ledger.readAll(Topics.REJECTED).stream()
                        .anyMatch(record -> new String(record.value(), UTF_8).contains('"' + messageId + '"'));
    }

    @Test
    void holdForMessagesAndChangesOfMessagesStandBehindThem() throws Exception {
        app("state");
        claim("alice", "bob");
        RawEvent.Message said = say("bob", "general", "hola");
        awaitOwner("general", "bob");
        String target = "bob:" + said.messageId();
        send(new RawEvent.Edit(nextId(), "bob", "general", target, "hola a todos", System.currentTimeMillis()));
        send(new RawEvent.Reaction(
                nextId(), "alice", "general", target, List.of("\uD83D\uDC4D"), System.currentTimeMillis()));
        rule("bob", "general", ChannelRule.MUTE, "alice");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(records("general")).extracting(ChannelRecord::type)
                .containsExactlyInAnyOrder(RawEvent.Type.MESSAGE, RawEvent.Type.EDIT, RawEvent.Type.REACTION,
                        RawEvent.Type.RULE));
        awaitRefused("alice", "general", "MUTED");
        send(new RawEvent.Deletion(nextId(), "bob", "general", target, System.currentTimeMillis()));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(records("general")).last()
                .extracting(ChannelRecord::type).isEqualTo(RawEvent.Type.DELETION));
        assertThat(records("general")).element(0).extracting(ChannelRecord::type).isEqualTo(RawEvent.Type.MESSAGE);
    }

    @Test
    void areRefusedByTheSecondApplicationAsByTheFirst() throws Exception {
        app("state");
        claim("alice", "bob");
        say("alice", "general", "mine");
        awaitOwner("general", "alice");
        RawEvent.Rule rule = rule("bob", "general", ChannelRule.TITLE, "not mine");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(rejectionCodes()).containsExactly("NOT_ALLOWED"));

        ConsumerRecord<byte[], byte[]> raw = ledger.readAll(Topics.RAW).stream()
                .filter(record -> new String(record.value(), UTF_8).contains('"' + rule.messageId() + '"'))
                .findFirst().orElseThrow();
        ConsumerRecord<byte[], byte[]> rejected = ledger.readAll(Topics.REJECTED).get(0);
        assertThat(rejected.key()).isEqualTo(raw.key());
        assertThat(rejected.value()).isEqualTo(raw.value());
        assertThat(rejected.timestamp()).isEqualTo(raw.timestamp());
        assertThat(Rejection.fromHeaders(rejected.headers()).orElseThrow().source())
                .isEqualTo("chat.raw-" + raw.partition() + "@" + raw.offset());
        assertThat(ledger.readAll(Topics.REFUSALS)).singleElement().satisfies(refusal -> {
            assertThat(refusal.key()).isNull();
            assertThat(refusal.value()).isNull();
            assertThat(refusal.headers()).isEqualTo(rejected.headers());
        });
    }

    @Test
    void giveAChannelOneOwnerHoweverManyAreFirst() throws Exception {
        app("state");
        String[] users = {"alice", "bob", "carol", "dora", "eve", "frank"};
        claim(users);
        ledger.profile("guest");
        List<String> channels = IntStream.range(0, 5).mapToObj(i -> "plaza-" + i).toList();
        channels.forEach(channel -> ledger.say("guest", channel));
        await().atMost(LIMIT).until(() -> channels.stream().allMatch(channel -> texts(channel).size() == 1));
        for (String channel : channels) {
            for (String user : users) {
                say(user, channel, "mine");
            }
        }
        for (String channel : channels) {
            await().atMost(LIMIT).until(() -> texts(channel).size() == users.length + 1 && !rules(channel).isEmpty());
            // All of them claim it as theirs, and whatever comes of that names the same one.
            rule(users[0], channel, ChannelRule.POSTING, "everyone");
        }
        await().atMost(LIMIT).until(() -> channels.stream().mapToLong(channel -> records(channel).stream()
                .filter(record -> record.type() == RawEvent.Type.RULE).count()).sum() + rejectionCodes().size()
                == channels.size());
        for (String channel : channels) {
            assertThat(rules(channel)).extracting(ChannelRules::owner).containsOnly(rules(channel).get(0).owner());
        }
    }

    @Test
    void areReadAndAskedForWhateverElseStandsThereAlsoAtTheNextStart() throws Exception {
        app("state");
        writeGarbage();
        claim("alice", "bob");
        say("alice", "general", "mine");
        awaitOwner("general", "alice");
        rule("alice", "general", ChannelRule.MUTE, "bob");
        awaitRefused("bob", "general", "MUTED");
        writeGarbage();
        rule("alice", "general", ChannelRule.TITLE, "The square");
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(rules("general")).last().extracting(ChannelRules::title).isEqualTo("The square"));
        app.close();

        app("another-state");
        int refused = rejectionCodes().size();
        int heard = texts("general").size();
        say("bob", "general", "still unheard");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(rejectionCodes()).hasSize(refused + 1).endsWith("MUTED"));
        rule("alice", "general", ChannelRule.UNMUTE, "bob");
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(rules("general")).last().extracting(ChannelRules::muted).isEqualTo(List.of()));
        await().atMost(LIMIT).until(() -> {
            say("bob", "general", "heard");
            return texts("general").size() > heard;
        });
    }

    /** What neither application wrote, into each partition of what they read of one another. */
    private void writeGarbage() throws IOException {
        byte[] key = "general".getBytes(UTF_8);
        List<byte[]> values = List.of(new byte[0], new byte[900_000], "{".repeat(100_000).getBytes(UTF_8),
                "{\"channel\":\"general\"}".getBytes(UTF_8), "null".getBytes(UTF_8),
                Wire.write(ChannelRules.none("another")));
        for (int partition = 0; partition < 6; partition++) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(Topics.CHANNELS, partition, key, value));
                producer.send(new ProducerRecord<>(REQUESTS, partition, key, value));
                ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(REQUESTS, partition, null, value);
                request.headers().add("user", null).add("signer", new byte[] {(byte) 0xff}).add("source", new byte[900])
                        .add("timestamp", "9".repeat(18).getBytes(UTF_8)).add("display-name", null);
                producer.send(request);
            }
            producer.send(new ProducerRecord<>(Topics.CHANNELS, partition, new byte[] {(byte) 0xff, 0}, null));
            producer.send(new ProducerRecord<>(REQUESTS, partition, null, null));
        }
        producer.flush();
        writeOfNoTime();
    }

    /** Records of which nobody says when they were written, or says what is no time. */
    private void writeOfNoTime() throws IOException {
        byte[] batch = batch(CompressionType.NONE, 1,
                repeated(record("general".getBytes(UTF_8), "{}".getBytes(UTF_8)), 1));
        try (RawProducer byHand = new RawProducer(kafka.bootstrapServers())) {
            for (int partition = 0; partition < 6; partition++) {
                for (long timestamp : List.of(-1L, -2L, Long.MIN_VALUE, Long.MAX_VALUE)) {
                    assertThat(byHand.send(Topics.CHANNELS, partition, at(timestamp, batch))).isEqualTo(Errors.NONE);
                    assertThat(byHand.send(REQUESTS, partition, at(timestamp, batch))).isEqualTo(Errors.NONE);
                }
            }
        }
    }

    @Test
    void holdBehindAKillAlsoWithoutTheFolderOfState() throws Exception {
        try (StreamsProcess first = new StreamsProcess(directory, settings("state"))) {
            claim("alice", "bob");
            say("alice", "general", "mine");
            awaitOwner("general", "alice");
            rule("alice", "general", ChannelRule.MODERATOR, "bob");
            rule("alice", "general", ChannelRule.POSTING, "moderators");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(records("general")).hasSize(3));
            first.kill();
        }
        app("another-state");
        claim("carol");
        awaitRefused("carol", "general", "NOT_ALLOWED");
        RawEvent.Rule rule = rule("bob", "general", ChannelRule.TITLE, "The square");
        send(rule);
        rule("carol", "general", ChannelRule.TITLE, "Mine");
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(rejectionCodes().stream().filter("NOT_ALLOWED"::equals).count()).isGreaterThanOrEqualTo(2));
        assertThat(records("general").stream().filter(record -> record.type() == RawEvent.Type.RULE)).hasSize(3);
        assertThat(rules("general")).last().satisfies(found -> {
            assertThat(found.owner()).contains("alice");
            assertThat(found.moderators()).containsExactly("bob");
            assertThat(found.title()).isEqualTo("The square");
        });
    }

    @Test
    void areSaidAgainWhenTheirTopicWasDeleted() throws Exception {
        app("state");
        claim("alice", "bob");
        say("alice", "general", "mine");
        awaitOwner("general", "alice");
        for (int i = 0; i < 20; i++) {
            rule("alice", "general", ChannelRule.TITLE, "Title " + i);
        }
        rule("alice", "general", ChannelRule.MUTE, "bob");
        awaitRefused("bob", "general", "MUTED");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(Topics.CHANNELS)).all().get();
        }
        await().atMost(LIMIT).until(() -> {
            say("alice", "general", "still mine");
            return !rules("general").isEmpty();
        });
        int refused = rejectionCodes().size();
        awaitRefused("bob", "general", "MUTED");
        say("bob", "general", "unheard");
        await().atMost(LIMIT).until(() -> rejectionCodes().size() > refused);
    }
}
