package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Records at which the pipeline would fail for ever: it refuses them, and everybody else's go on. */
class PoisonIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Stands for a fault in the code: what is sent with a key that begins with "bug" ends in an exception. */
    public static final class FaultyPartitioner implements Partitioner {

        @Override
        public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
            if (topic.equals(Topics.USERS) && new String(keyBytes, UTF_8).startsWith("bug")) {
                throw new ArrayIndexOutOfBoundsException("a fault in the code");
            }
            return 0;
        }

        @Override
        public void close() {
        }

        @Override
        public void configure(Map<String, ?> settings) {
        }
    }

    @TempDir
    Path directory;
    private EmbeddedKafka kafka;
    private Ledger ledger;
    private Admin admin;
    private StreamsApp app;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"), faults);
        ledger = new Ledger(kafka.bootstrapServers());
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        if (app != null) {
            assertThat(app.failure()).isNotDone();
            app.close();
        }
        ledger.close();
        admin.close();
        kafka.close();
    }

    private void app(String... namesAndValues) throws InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("state").toString());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        app = StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
        assertThat(app.awaitRunning(LIMIT)).isTrue();
    }

    private void topic(String name, int partitions, String... settings) throws ExecutionException, InterruptedException {
        Map<String, String> configs = settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]);
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all().get();
    }

    private void set(String topic, String name, String value) throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)))).all().get();
    }

    /** Of what is known by that name, the app may do the given things and nothing else. */
    private void allowOnly(String topic, AclOperation... operations) throws ExecutionException, InterruptedException {
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        List<AclBinding> acls = new ArrayList<>();
        for (AclOperation operation : operations) {
            acls.add(new AclBinding(pattern,
                    new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW)));
        }
        admin.createAcls(acls).all().get();
    }

    private String reason(String messageId) {
        return ledger.readAll(Topics.REJECTED).stream()
                .filter(record -> new String(record.value(), UTF_8).contains("\"" + messageId + "\""))
                .map(record -> Rejection.fromHeaders(record.headers()).orElseThrow())
                .map(rejection -> rejection.code() + ": " + rejection.reason()).findFirst().orElse("not rejected");
    }

    private void assertRefused(String channel, String why) {
        String id = ledger.say("alice", channel).messageId();
        ledger.say("alice", "general");
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(reason(id)).startsWith("CHANNEL_LIMIT: ").contains(why));
    }

    private void awaitSaidInGeneral(int times) {
        await().atMost(LIMIT).untilAsserted(() ->
                assertThat(ledger.channelMessages().get("general")).hasSize(times));
    }

    @Test
    void refusesAChannelWhoseTopicDoesNotTakeEveryMessageWhoeverMadeIt() throws Exception {
        topic("chat.channel.small", 1, "max.message.bytes", "300");
        topic("chat.channel.compacted", 1, "cleanup.policy", "compact");
        topic("chat.channel.half", 1, "cleanup.policy", "compact,delete");
        app();
        ledger.profile("alice");
        assertRefused("small", "max.message.bytes=300");
        assertRefused("compacted", "cleanup.policy=compact");
        assertRefused("half", "cleanup.policy=compact,delete");
        topic("chat.channel.three", 3);
        topic("chat.channel.replicated", 1, "min.insync.replicas", "2");
        topic("chat.channel.young", 1, "message.timestamp.before.max.ms", "1000");
        topic("chat.channel.late", 1, "message.timestamp.after.max.ms", "1000");
        assertRefused("three", "3 partitions");
        assertRefused("replicated", "min.insync.replicas=2");
        assertRefused("young", "message.timestamp.before.max.ms=1000");
        assertRefused("late", "message.timestamp.after.max.ms=1000");
        awaitSaidInGeneral(7);
    }

    @Test
    void noticesWhatBecomesOfAChannelsTopicWhileMessagesGoToIt() throws Exception {
        app();
        ledger.profile("alice");
        ledger.say("alice", "general");
        awaitSaidInGeneral(1);
        set("chat.channel.general", "max.message.bytes", "300");
        await().atMost(LIMIT).until(() -> !reason(ledger.say("alice", "general").messageId()).equals("not rejected")
                || !ledger.rejections().isEmpty());
        assertThat(ledger.rejections()).extracting(Rejection::code).containsOnly("CHANNEL_LIMIT");
        set("chat.channel.general", "max.message.bytes", "1048588");
        int before = ledger.channelMessages().get("general").size();
        await().atMost(LIMIT).until(() -> {
            ledger.say("alice", "general");
            return ledger.channelMessages().get("general").size() > before;
        });
        admin.createPartitions(Map.of("chat.channel.general", NewPartitions.increaseTo(2))).all().get();
        await().atMost(LIMIT).until(() -> {
            ledger.say("alice", "general");
            return ledger.rejections().stream().anyMatch(rejection -> rejection.reason().contains("2 partitions"));
        });
        assertThat(ledger.rejections()).extracting(Rejection::code).containsOnly("CHANNEL_LIMIT");
    }

    @Test
    void refusesAChannelThatItMayNotWriteToOrReadTheSettingsOf() throws Exception {
        topic("chat.channel.read-only", 1);
        allowOnly("chat.channel.read-only", AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
        topic("chat.channel.opaque", 1);
        allowOnly("chat.channel.opaque", AclOperation.READ, AclOperation.DESCRIBE, AclOperation.WRITE);
        topic("chat.channel.invisible", 1);
        allowOnly("chat.channel.invisible", AclOperation.CREATE);
        // One that may be made, and then not be written to.
        allowOnly("chat.channel.new-and-read-only", AclOperation.CREATE, AclOperation.READ, AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS);
        app();
        ledger.profile("alice");
        assertRefused("read-only", "allow it WRITE");
        assertRefused("opaque", "allow it DESCRIBE_CONFIGS");
        assertRefused("invisible", "allow it DESCRIBE and WRITE");
        assertRefused("new-and-read-only", "allow it WRITE");
        awaitSaidInGeneral(4);

        // Nothing else about it changes: what is forbidden while messages go there, and allowed again.
        allowOnly("chat.channel.general", AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
        ledger.say("alice", "general");
        String id = ledger.say("alice", "general").messageId();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(reason(id)).startsWith("CHANNEL_LIMIT: "));
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        await().atMost(LIMIT).until(() -> {
            ledger.say("alice", "general");
            return ledger.channelMessages().get("general").size() > 4;
        });
    }

    /** More in a row than the threads that may die, so that each must be refused without that. */
    @Test
    void refusesRecordsWhoseResultsAreNotTakenAndNoOthers() throws Exception {
        topic(Topics.RAW, 1);
        topic(Topics.USERS, 1, "message.timestamp.before.max.ms", "3600000");
        app();
        long anHourAndMoreAgo = System.currentTimeMillis() - 4_000_000;
        for (int i = 0; i < 15; i++) {
            ledger.send("old".getBytes(UTF_8), Wire.write(new RawEvent.Profile("old" + i, "old", "Old", anHourAndMoreAgo)),
                    anHourAndMoreAgo);
            ledger.profile("user" + i);
            ledger.say("user" + i, "general");
        }
        awaitSaidInGeneral(15);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(ledger.rejections()).hasSize(15));
        assertThat(ledger.rejections()).extracting(Rejection::code).containsOnly("UNPROCESSABLE");
        assertThat(ledger.rejections()).allSatisfy(rejection -> assertThat(rejection.reason()).contains(Topics.USERS));
        assertThat(ledger.readAll(Topics.REJECTED)).allSatisfy(record ->
                assertThat(new String(record.key(), UTF_8)).isEqualTo("old"));
        assertThat(ledger.readAll(Topics.USERS)).hasSize(15);
    }

    @Test
    void refusesRecordsAtWhichItsOwnCodeFailsAndNoOthers() throws Exception {
        app("kafka.producer.partitioner.class", FaultyPartitioner.class.getName());
        for (int i = 0; i < 12; i++) {
            ledger.profile("bug" + i);
            ledger.profile("user" + i);
            ledger.say("user" + i, "general");
        }
        awaitSaidInGeneral(12);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(ledger.rejections()).hasSize(12));
        assertThat(ledger.rejections()).allSatisfy(rejection -> {
            assertThat(rejection.code()).isEqualTo("UNPROCESSABLE");
            assertThat(rejection.reason()).contains("ArrayIndexOutOfBounds");
        });
    }

    @Test
    void refusesARecordThatIsTooLargeForTheTopicOfTheRefusedKeepingItsBeginning() throws Exception {
        topic(Topics.RAW, 1, "max.message.bytes", "1200000");
        topic(Topics.REJECTED, 1, "max.message.bytes", "1000000");
        app();
        byte[] large = new byte[1_000_100];
        ledger.send("alice".getBytes(UTF_8), large);
        ledger.profile("alice");
        ledger.say("alice", "general");
        awaitSaidInGeneral(1);
        assertThat(ledger.readAll(Topics.REJECTED)).singleElement().satisfies(record -> {
            assertThat(record.value()).hasSize(64 * 1024);
            assertThat(Rejection.fromHeaders(record.headers()).orElseThrow().code()).isEqualTo("UNPROCESSABLE");
        });
    }

    @Test
    void closesAChannelForAWhileWhoseTopicTakesNoMessagesForAReasonThatNobodyForesaw() {
        ClusterChannels channels = new ClusterChannels(admin, admin,
                new TopicCatalogue("charla", 1, (short) 1, -1, -1, -1), new RateLimit(1, Duration.ofHours(1)), LIMIT);
        assertThat(channels.open("general", Optional::empty)).isEmpty();
        // Two records, each tried twice.
        for (int failure = 1; failure <= 4; failure++) {
            assertThat(channels.exists("general")).isTrue();
            channels.suspect("general", new UnknownServerException());
        }
        assertThat(channels.exists("general")).isFalse();
        assertThat(channels.open("general", Optional::empty)).hasValueSatisfying(reason ->
                assertThat(reason).contains("UnknownServer").contains("5 minutes"));
    }
}
