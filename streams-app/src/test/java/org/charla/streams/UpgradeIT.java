package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker refuses a group whose stores are others than before, and what is in them has to stay readable. */
class UpgradeIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;
    private EmbeddedKafka kafka;
    private Ledger ledger;
    private KafkaProducer<byte[], byte[]> producer;
    private StreamsApp app;

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
            app.close();
        }
        producer.close();
        ledger.close();
        kafka.close();
    }

    private StreamsAppConfig config(String stateFolder) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve(stateFolder).toString());
        return StreamsAppConfig.of(settings, Map.of());
    }

    /** One that keeps users as the first versions did: in a KTable of profiles, without keys. */
    private static KafkaStreams former(StreamsAppConfig config) {
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config.kafkaSettings())));
        builder.addStateStore(StateStores.acceptedIds(config.deduplicationWindow()));
        builder.addStateStore(StateStores.tokenBuckets());
        builder.stream(Topics.RAW, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("raw-events"))
                .processValues(() -> new ContextualFixedKeyProcessor<byte[], byte[], byte[]>() {
                    @Override
                    public void process(FixedKeyRecord<byte[], byte[]> record) {
                        context().forward(record);
                    }
                }, Named.as("former"), StateStores.ACCEPTED_IDS, StateStores.TOKEN_BUCKETS)
                .mapValues(value -> new UserProfile("alice", "Alice of old", 1), Named.as("to-user-profile"))
                .toTable(Named.as("to-users"),
                        Materialized.<byte[], UserProfile, KeyValueStore<Bytes, byte[]>>as(StateStores.USERS)
                                .withKeySerde(Serdes.ByteArray()).withValueSerde(Wire.userProfileSerde())
                                .withCachingEnabled());
        return new KafkaStreams(builder.build(config.kafkaSettings()), config.kafkaSettings());
    }

    /** One that knows of no changes and no rules, and keeps of an accepted id nothing but that. */
    private static KafkaStreams formerWithoutRules(StreamsAppConfig config, FakeChannels channels) {
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config.kafkaSettings())));
        builder.addStateStore(StateStores.acceptedIds(config.deduplicationWindow()));
        builder.addStateStore(StateStores.users());
        builder.addStateStore(StateStores.tokenBuckets());
        Suspects suspects = new Suspects();
        KStream<byte[], Judged> events = builder
                .stream(Topics.RAW, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("raw-events"))
                .processValues(() -> new PoisonGuard(suspects), Named.as("guard"))
                .processValues(() -> new Validator(suspects, () -> 6), Named.as("validate"))
                .processValues(() -> new Steps(new Deduplicator(config.deduplicationWindow())),
                        Named.as("deduplicate"), StateStores.ACCEPTED_IDS)
                .processValues(() -> new Steps(new IdentityGuard(config.identityRules())),
                        Named.as("identify"), StateStores.USERS)
                .processValues(() -> new Steps(new ChannelGate(channels, config.channelLimits())),
                        Named.as("open-channel"), StateStores.TOKEN_BUCKETS)
                .processValues(() -> new ContextualFixedKeyProcessor<byte[], Judged, Judged>() {
                    @Override
                    public void process(FixedKeyRecord<byte[], Judged> record) {
                        context().<WindowStore<String, byte[]>>getStateStore(StateStores.ACCEPTED_IDS)
                                .put(record.value().id(), new byte[0], record.timestamp());
                        context().forward(record);
                    }
                }, Named.as("remember-id"), StateStores.ACCEPTED_IDS)
                .processValues(() -> new Steps(new UserRecorder()), Named.as("remember-user"), StateStores.USERS);
        ChannelTopic.write(events.filter((key, event) -> event.route() == Judged.Route.CHANNELS, Named.as("messages"))
                .map((key, event) -> KeyValue.pair(event.id(), event.toChannelRecord()), Named.as("to-record")));
        return new KafkaStreams(builder.build(config.kafkaSettings()), config.kafkaSettings());
    }

    @Test
    void takesTurnsWithAFormerVersionThatKnowsOfNoRules() throws Exception {
        StreamsApp.start(config("state")).close();
        FakeChannels channels = new FakeChannels();
        RawEvent.Message before = message("before");
        RawEvent.Message meanwhile = message("meanwhile");
        try (KafkaStreams former = formerWithoutRules(config("former-state"), channels)) {
            ledger.profile("alice");
            former.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(config("state").topics().channel("general"))).all().get();
            }
            channels.made.add("general");
            ledger.send(before);
            assertThat(texts(1)).containsExactly("The alice: before");
            // Beside the former one, as members of one group.
            app = StreamsApp.start(config("state"));
            assertThat(app.awaitRunning(Duration.ofSeconds(60))).isTrue();
            assertThat(former.state()).isIn(KafkaStreams.State.RUNNING, KafkaStreams.State.REBALANCING);
            former.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        ledger.send(before);
        ledger.send(edit(before));
        ledger.send(meanwhile);
        ledger.send(edit(meanwhile));
        assertThat(texts(2)).containsExactly("The alice: before", "The alice: meanwhile");
        await().atMost(Duration.ofSeconds(60)).until(() -> ledger.channelRecords().get("general").size() == 3);
        assertThat(rejectionCodes(1)).containsExactly("UNKNOWN_MESSAGE");
        app.close();
        app = null;
        try (KafkaStreams former = formerWithoutRules(config("former-state"), channels)) {
            former.start();
            ledger.send(meanwhile);
            ledger.send(before);
            ledger.send(message("back"));
            assertThat(texts(3)).containsExactly("The alice: before", "The alice: meanwhile", "The alice: back");
            former.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        app = StreamsApp.start(config("state"));
        ledger.send(edit(meanwhile, "again"));
        await().atMost(Duration.ofSeconds(60)).until(() -> ledger.channelRecords().get("general").size() == 5);
        assertThat(rejectionCodes(1)).hasSize(1);
    }

    private static RawEvent.Edit edit(RawEvent.Message message) {
        return edit(message, "edit-of-" + message.messageId());
    }

    private static RawEvent.Edit edit(RawEvent.Message message, String id) {
        return new RawEvent.Edit(id, message.userId(), message.channel(),
                message.userId() + ':' + message.messageId(), "edited", System.currentTimeMillis());
    }

    private static RawEvent.Message message(String text) {
        return new RawEvent.Message(
                text.replace(' ', '-'), "alice", "general", text, System.currentTimeMillis());
    }

    private List<String> texts(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() ->
                ledger.channelMessages().getOrDefault("general", List.of()).size() >= count);
        return ledger.channelMessages().get("general").stream()
                .map(said -> said.author().displayName() + ": " + said.text()).toList();
    }

    private List<String> rejectionCodes(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> ledger.rejections().size() >= count);
        return ledger.rejections().stream().map(Rejection::code).toList();
    }

    @Test
    void goesOnWithTheGroupAndTheUsersOfAFormerVersion() {
        StreamsAppConfig config = config("state");
        // Makes the topics, and leaves no group behind that anybody is a member of.
        StreamsApp.start(config).close();
        try (KafkaStreams former = former(config)) {
            former.start();
            ledger.profile("alice");
            ledger.flush();
            await().atMost(Duration.ofSeconds(60)).until(
                    () -> !ledger.readAll("charla-streams-users-changelog").isEmpty());
            former.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        app = StreamsApp.start(config);
        producer.send(new ProducerRecord<>(Topics.RAW, "alice".getBytes(UTF_8), Wire.write(message("hola"))));
        assertThat(texts(1)).containsExactly("Alice of old: hola");
    }

    @Test
    void keepsClaimsWhoseProfilesWereRemovedThoughTheFolderOfStateIsLost() {
        SigningKey key = SigningKey.generate();
        SigningKey another = SigningKey.generate();
        app = StreamsApp.start(config("state"));
        // All in a row: each finds what those before it brought.
        ledger.send(profile("p1", "Alice", key), key);
        ledger.send(message("by the first"), key);
        ledger.send(profile("p2", "Alicia", another), key);
        ledger.send(message("by the old one"), key);
        ledger.send(message("by the new one"), another);
        ledger.send(new RawEvent.ProfileRemoval("p3", "alice", System.currentTimeMillis()), another);
        assertThat(texts(2)).containsExactly("Alice: by the first", "Alicia: by the new one");
        assertThat(rejectionCodes(1)).containsExactly("INVALID_SIGNATURE");
        await().atMost(Duration.ofSeconds(60)).until(() -> ledger.readAll(Topics.USERS).size() >= 3);
        app.close();

        app = StreamsApp.start(config("another-state"));
        ledger.send(profile("p4", "Mallory", key), key);
        ledger.send(new RawEvent.Profile("p5", "alice", "Alice is back", System.currentTimeMillis()), another);
        ledger.send(message("it is me"), another);
        assertThat(texts(3)).endsWith("Alice is back: it is me");
        assertThat(rejectionCodes(2)).containsExactly("INVALID_SIGNATURE", "INVALID_SIGNATURE");
    }

    private static RawEvent.Profile profile(String id, String displayName, SigningKey key) {
        return new RawEvent.Profile(
                id, "alice", displayName, List.of(key.publicKey().toString()), System.currentTimeMillis());
    }
}
