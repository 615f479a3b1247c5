package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.AlterConfigPolicy;
import org.apache.kafka.server.policy.CreateTopicPolicy;
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

/** The app and its topics in a real cluster: made, found, refused, deleted. */
class ClusterIT {

    /** A cluster's policy that refuses channels called refused..., and thinks about slow... for longer than we wait. */
    public static final class Policy implements CreateTopicPolicy {

        /** Comes to 0 when the test needs no answer any more. */
        private static volatile CountDownLatch isOver = new CountDownLatch(1);

        @Override
        public void validate(CreateTopicPolicy.RequestMetadata request) {
            if (request.topic().startsWith("chat.channel.refused")) {
                throw new PolicyViolationException("not that one");
            }
            if (request.topic().startsWith("chat.channel.slow")) {
                try {
                    isOver.await(3, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void configure(Map<String, ?> settings) {
        }

        @Override
        public void close() {
        }
    }

    /** A cluster's policy that keeps the settings of topics called ...locked as they are. */
    public static final class AlterPolicy implements AlterConfigPolicy {

        @Override
        public void validate(AlterConfigPolicy.RequestMetadata request) {
            if (request.resource().name().endsWith("locked") && request.configs().containsKey("compression.type")) {
                throw new PolicyViolationException("not that one");
            }
        }

        @Override
        public void configure(Map<String, ?> settings) {
        }

        @Override
        public void close() {
        }
    }

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;
    private EmbeddedKafka kafka;
    private Ledger ledger;
    private Admin admin;
    private final List<StreamsApp> apps = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Policy.isOver = new CountDownLatch(1);
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, Map.of(
                "create.topic.policy.class.name", Policy.class.getName(),
                "alter.config.policy.class.name", AlterPolicy.class.getName(),
                // As brokers come; the standalone's own are bounded more closely.
                "compression.type", "producer",
                "socket.request.max.bytes", "104857600"), faults);
        ledger = new Ledger(kafka.bootstrapServers());
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        Policy.isOver.countDown();
        apps.forEach(StreamsApp::close);
        ledger.close();
        admin.close();
        kafka.close();
    }

    private StreamsApp app(String... namesAndValues) throws InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("state-" + UUID.randomUUID()).toString());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        StreamsApp app = StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
        apps.add(app);
        assertThat(app.awaitRunning(Duration.ofSeconds(30))).isTrue();
        return app;
    }

    private int partitions(String topic) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    }

    private String setting(String topic, String name) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(name).value();
    }

    private List<String> rejectionCodes() {
        return ledger.rejections().stream().map(Rejection::code).toList();
    }

    @Test
    void hasTheTopicsOfTheContract() throws Exception {
        app("raw.partitions", "3", "channel.retention.ms", "86400000");
        assertThat(partitions(Topics.RAW)).isEqualTo(3);
        assertThat(partitions(Topics.USERS)).isEqualTo(3);
        assertThat(partitions(Topics.REJECTED)).isEqualTo(3);
        assertThat(partitions(Topics.REFUSALS)).isEqualTo(3);
        assertThat(setting(Topics.RAW, "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting(Topics.RAW, "retention.ms")).isEqualTo("604800000");
        assertThat(setting(Topics.USERS, "cleanup.policy")).isEqualTo("compact");

        ledger.profile("alice");
        ledger.say("alice", "general");
        ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(20));
        assertThat(partitions("chat.channel.general")).isEqualTo(1);
        assertThat(setting("chat.channel.general", "retention.ms")).isEqualTo("86400000");
    }

    @Test
    void fitsItsTopicsToARawTopicThatIsThere() throws Exception {
        create(List.of(new NewTopic(Topics.RAW, 2, (short) 1)));
        app();
        assertThat(partitions(Topics.REJECTED)).isEqualTo(2);
        assertThat(setting(Topics.RAW, "message.timestamp.type")).isEqualTo("CreateTime");
    }

    @Test
    void keepsBombsOutOfItsTopicsAlsoOutOfThoseThatWereThereAndOutOfNoOthers() throws Exception {
        List<String> old = List.of(Topics.RAW, Topics.USERS, Topics.REJECTED, Topics.SINK_DEAD_LETTERS,
                "chat.channel.old", "chat.channel.locked", "charla-streams-users-changelog", "others");
        create(old.stream().map(name -> new NewTopic(name, 6, (short) 1)
                .configs(Map.of("cleanup.policy", name.endsWith("changelog") ? "compact" : "delete"))).toList());
        app();
        ledger.profile("alice");
        ledger.say("alice", "new");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("new"));
        // That one could not be mended holds nobody up.
        for (String name : List.of(Topics.RAW, Topics.USERS, Topics.REJECTED, Topics.SINK_DEAD_LETTERS,
                "chat.channel.old", "chat.channel.new", "charla-streams-users-changelog",
                "charla-streams-accepted-ids-changelog")) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                    assertThat(setting(name, "compression.type")).as(name).isEqualTo("uncompressed"));
        }
        assertThat(setting("chat.channel.locked", "compression.type")).isEqualTo("producer");
        assertThat(setting("others", "compression.type")).isEqualTo("producer");
    }

    @Test
    void keepsBombsOutOfATopicThatAnotherMakesLater() throws Exception {
        app();
        create(List.of(new NewTopic("chat.channel.later", 1, (short) 1)));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(setting("chat.channel.later", "compression.type")).isEqualTo("uncompressed"));
    }

    @Test
    void refusesWhatIsNotInThePartitionThatMurmur2GivesItsKey() throws Exception {
        app();
        ledger.profile("alice");
        // By librdkafka's default, consistent_random, which is CRC-32; alice's place is the fourth of six.
        CRC32 crc = new CRC32();
        crc.update("alice".getBytes(UTF_8));
        int byLibrdkafka = (int) (crc.getValue() % 6);
        assertThat(byLibrdkafka).isNotEqualTo(3);
        ledger.send(byLibrdkafka, new RawEvent.Message("m", "alice", "general", "hola", System.currentTimeMillis()));
        ledger.send(null, Wire.write(new RawEvent.Message("m", "alice", "general", "hola", 0)));
        ledger.send(3, new RawEvent.Message("m", "alice", "general", "hola", System.currentTimeMillis()));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(ledger.channelMessages().get("general")).hasSize(1);
            assertThat(rejectionCodes()).containsExactly("WRONG_PARTITION", "WRONG_PARTITION");
        });
    }

    @Test
    void makesAChannelAgainThatIsDeletedWhileMessagesGoToIt() throws Exception {
        app();
        ledger.profile("alice");
        ledger.say("alice", "doomed");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("doomed"));
        admin.deleteTopics(List.of("chat.channel.doomed")).all().get();
        String id = ledger.say("alice", "doomed").messageId();
        ledger.say("alice", "other");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(ledger.channelMessages())
                .hasEntrySatisfying("doomed", messages -> assertThat(messages)
                        .singleElement().satisfies(message -> assertThat(message.messageId()).isEqualTo(id)))
                .hasEntrySatisfying("other", messages -> assertThat(messages).hasSize(1)));
        assertThat(ledger.rejections()).isEmpty();
    }

    @Test
    void makesItsOwnTopicsAgainThatAreDeletedUnderIt() throws Exception {
        app();
        admin.deleteTopics(List.of(Topics.REJECTED)).all().get();
        ledger.send("alice".getBytes(UTF_8), new byte[0]);
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions()
                .untilAsserted(() -> assertThat(rejectionCodes()).containsExactly("MALFORMED"));
    }

    @Test
    void refusesAChannelThatTheClusterRefusesAndServesTheOthers() throws Exception {
        app();
        ledger.profile("alice");
        ledger.say("alice", "refused-by-policy");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(ledger.rejections()).singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.code()).isEqualTo("CHANNEL_LIMIT");
                    assertThat(rejection.reason()).contains("PolicyViolation");
                }));
        ledger.say("alice", "general");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("general"));
    }

    @Test
    void refusesAChannelThatTheClusterIsTooSlowToMakeAndServesTheOthersMeanwhile() throws Exception {
        app("channel.creation.timeout.ms", "1000");
        ledger.profile("alice");
        ledger.say("alice", "general");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("general"));
        for (int i = 0; i < 10; i++) {
            ledger.say("alice", "slow-" + i);
        }
        ledger.say("alice", "general");
        // One attempt is waited for; the nine behind it would take nine seconds more.
        await().atMost(Duration.ofSeconds(8)).untilAsserted(() ->
                assertThat(ledger.channelMessages().get("general")).hasSize(2));
        assertThat(rejectionCodes()).hasSizeGreaterThanOrEqualTo(9).containsOnly("CHANNEL_LIMIT");
    }

    @Test
    void findsAChannelThatAnotherMadeThoughNoMoreMayBeMade() throws Exception {
        app("channels.max", "1");
        ledger.profile("alice");
        ledger.say("alice", "general");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("general"));
        create(List.of(new NewTopic("chat.channel.another", 1, (short) 1)));
        ledger.say("alice", "another");
        ledger.say("alice", "one-too-many");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("another"));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(rejectionCodes()).containsExactly("CHANNEL_LIMIT"));
    }

    @Test
    void countsTheChannelsThatAreMadeElsewhereTowardsTheLimitForAll() throws Exception {
        app("channels.per.hour", "2");
        app("channels.per.hour", "2");
        for (int user = 0; user < 6; user++) {
            ledger.profile("user" + user);
        }
        for (int channel = 0; channel < 2; channel++) {
            String name = "made-elsewhere" + channel;
            create(List.of(new NewTopic(Topics.ofChannel(name), 1, (short) 1)));
            // Whoever hears of it first, counts it.
            for (int user = 0; user < 6; user++) {
                ledger.say("user" + user, name);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                    assertThat(ledger.channelMessages().get(name)).hasSize(6));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            ledger.say("user0", "one-too-many");
            return !ledger.rejections().isEmpty();
        });
        assertThat(ledger.rejections().get(0).reason()).contains("All users together");
        assertThat(ledger.channelMessages()).doesNotContainKey("one-too-many");
    }

    @Test
    void sharesTheWorkOfMakingChannelsBetweenTwoInstances() throws Exception {
        // As many as there are, at once.
        String[] noLimits = {"channels.burst", "100", "channels.per.user.burst", "100",
            "channels.per.user.per.hour", "100", "channel.creation.timeout.ms", "20000"};
        app(noLimits);
        app(noLimits);
        for (int user = 0; user < 12; user++) {
            ledger.profile("user" + user);
        }
        for (int channel = 0; channel < 20; channel++) {
            for (int user = 0; user < 12; user++) {
                ledger.say("user" + user, "channel" + channel);
            }
        }
        ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
    }

    @Test
    void carriesOnBehindRecordsThatAreLargerThanAnyTopicTakes() throws Exception {
        create(List.of(new NewTopic(Topics.RAW, 6, (short) 1)
                .configs(Map.of("max.message.bytes", "20000000"))));
        app();
        ledger.profile("alice");
        byte[] bomb = new byte[10_000_000];
        Arrays.fill(bomb, (byte) '[');
        ledger.send("alice".getBytes(UTF_8), bomb);
        ledger.send("alice".getBytes(UTF_8), Arrays.copyOf(bomb, 1_000_000));
        ledger.send(Arrays.copyOf(bomb, 2_000_000), bomb);
        ledger.say("alice", "general");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("general"));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(rejectionCodes()).containsExactly("MALFORMED", "MALFORMED", "MALFORMED"));
        assertThat(ledger.readAll(Topics.REJECTED)).extracting(record -> record.value().length)
                .containsExactlyInAnyOrder(65_536, 1_000_000, 65_536);
    }

    @Test
    void servesItsHealthAndItsMetrics() throws Exception {
        StreamsApp app = app("http.listen", "127.0.0.1:0", "channels.max", "7");
        ledger.profile("alice");
        ledger.say("alice", "general");
        ledger.send("alice".getBytes(UTF_8), new byte[0]);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(get(app, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(app, "/health/ready").body()).contains("\"status\":\"UP\"", "\"state\":\"RUNNING\"");
        });
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(get(app, "/metrics").body())
                .containsPattern("(?m)^kafka_stream_chat_accepted_total\\{.*} 2\\.0$")
                .containsPattern("(?m)^kafka_stream_chat_rejected_total\\{.*code=\"MALFORMED\".*} 1\\.0$")
                .containsPattern("(?m)^charla_ready 1\\.0$")
                .containsPattern("(?m)^charla_channels 1\\.0$")
                .containsPattern("(?m)^charla_channels_max 7\\.0$"));

        kafka.close();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(get(app, "/metrics").body()).containsPattern("(?m)^charla_ready 0\\.0$");
            assertThat(get(app, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(app, "/health/live").statusCode()).isEqualTo(200);
        });
    }

    private static HttpResponse<String> get(StreamsApp app, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + app.httpAddress().orElseThrow().getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private void topic(String name, int partitions, String setting, String value)
            throws ExecutionException, InterruptedException {
        create(List.of(new NewTopic(name, partitions, (short) 1).configs(Map.of(setting, value))));
    }

    /** Returns when the broker knows of them, which learns it later than the controller. */
    private void create(List<NewTopic> topics) throws ExecutionException, InterruptedException {
        admin.createTopics(topics).all().get();
        List<String> names = topics.stream().map(NewTopic::name).toList();
        await().until(() -> admin.listTopics().names().get().containsAll(names));
    }

    private void set(String topic, String name, String value) throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)))).all().get();
    }

    @Test
    void refusesToStartWithATopicThatItCantWorkWithAndSaysWhatToDo() throws Exception {
        app().close();
        for (String[] wrong : new String[][] {
            {Topics.RAW, "cleanup.policy", "compact", "delete"},
            {Topics.RAW, "cleanup.policy", "compact,delete", "delete"},
            {Topics.USERS, "min.insync.replicas", "2", "1"},
            {Topics.REJECTED, "max.message.bytes", "300", "1048588"},
            {Topics.REJECTED, "cleanup.policy", "compact", "delete"},
            {Topics.REJECTED, "message.timestamp.after.max.ms", "0", "9223372036854775807"},
            {Topics.REFUSALS, "cleanup.policy", "compact", "delete"},
            {"charla-streams-users-changelog", "cleanup.policy", "delete", "compact"},
            {"charla-streams-accepted-ids-changelog", "min.insync.replicas", "3", "1"}}) {
            set(wrong[0], wrong[1], wrong[2]);
            assertThatThrownBy(this::app).as(String.join(" ", wrong)).isInstanceOf(KafkaException.class)
                    .hasMessageContaining(wrong[0] + " has " + wrong[1] + "=").hasMessageContaining("set it to");
            set(wrong[0], wrong[1], wrong[3]);
        }
        app();
    }

    @Test
    void refusesAChangelogWithOtherPartitionsThanTheEvents() throws Exception {
        topic("charla-streams-users-changelog", 3, "cleanup.policy", "compact");
        assertThatThrownBy(this::app).isInstanceOf(KafkaException.class)
                .hasMessageContaining("charla-streams-users-changelog has 3 partitions where chat.raw has 6");
    }

    @Test
    void endsWithOneLineAndStatus1WhereATopicIsWrong() throws Exception {
        topic(Topics.REJECTED, 6, "max.message.bytes", "300");
        try (StreamsProcess app = new StreamsProcess(directory, "bootstrap.servers=" + kafka.bootstrapServers(),
                "state.dir=" + directory.resolve("state"))) {
            app.awaitEnd(60, 1);
            assertThat(complaints(app)).singleElement().asString()
                    .contains("chat.rejected has max.message.bytes=300", "set it to at least");
        }
    }

    @Test
    void namesTheTopicAndTheSettingWhereThatIsMadeWrongWhileItRunsAndLosesNothing() throws Exception {
        StreamsApp app = app("http.listen", "127.0.0.1:0");
        ledger.profile("alice");
        set(Topics.REJECTED, "max.message.bytes", "100");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(get(app, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(app, "/health/ready").body()).contains("max.message.bytes=100");
        });
        ledger.profile("bob");
        ledger.send("carol".getBytes(UTF_8), new byte[1_000]);
        assertThat(app.failure().get(60, TimeUnit.SECONDS)).hasMessageContaining("max.message.bytes=100");
        app.close();

        set(Topics.REJECTED, "max.message.bytes", "1048588");
        app();
        ledger.say("bob", "general");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(ledger.channelMessages().get("general")).hasSize(1);
            assertThat(rejectionCodes()).containsExactly("MALFORMED");
        });
    }

    @Test
    void isNotReadyWhereATopicAsksForMoreReplicasThanItHasAndGoesOnWhenThatIsMended() throws Exception {
        StreamsApp app = app("http.listen", "127.0.0.1:0");
        set(Topics.USERS, "min.insync.replicas", "2");
        ledger.profile("alice");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(get(app, "/health/ready").body())
                .contains("DOWN", "chat.users has min.insync.replicas=2"));
        set(Topics.USERS, "min.insync.replicas", "1");
        ledger.say("alice", "general");
        ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
        assertThat(app.failure()).isNotDone();
        assertThat(ledger.rejections()).isEmpty();
    }

    @Test
    void refusesWrongSettingsWithAStatusOfTheirOwn() throws Exception {
        try (StreamsProcess app = new StreamsProcess(directory, "channels.max=many")) {
            app.awaitEnd(20, 2);
            assertThat(app.output()).contains("channels.max").contains("many");
        }
    }

    @Test
    void blamesTheFolderOfItsStateAndNotKafkaWhereThatIsTakenOrNoFolder() throws Exception {
        Path state = directory.resolve("state");
        String[] settings = {"bootstrap.servers=" + kafka.bootstrapServers(), "state.dir=" + state};
        try (StreamsProcess first = new StreamsProcess(directory, settings)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> first.output().contains("-> RUNNING"));
            try (StreamsProcess second =
                    new StreamsProcess(Files.createDirectories(directory.resolve("second")), settings)) {
                second.awaitEnd(60, 2);
                assertThat(complaints(second)).singleElement().asString()
                        .contains("state.dir", state.toString(), "another").doesNotContain("Kafka at");
            }
        }
        Path file = Files.createFile(directory.resolve("file"));
        try (StreamsProcess app = new StreamsProcess(Files.createDirectories(directory.resolve("third")), settings[0],
                "state.dir=" + file)) {
            app.awaitEnd(60, 2);
            assertThat(complaints(app)).singleElement().asString()
                    .contains("state.dir", file.toString(), "can't be written").doesNotContain("Kafka at");
        }
    }

    private static List<String> complaints(StreamsProcess app) throws IOException {
        return app.output().lines().filter(line -> line.startsWith("charla-streams: ")).toList();
    }

    @Test
    void endsWithStatus0AlsoWhileItWaitsForACluster() throws Exception {
        try (StreamsProcess app = new StreamsProcess(directory, "bootstrap.servers=127.0.0.1:1",
                "state.dir=" + directory.resolve("state"))) {
            await().atMost(Duration.ofSeconds(60)).until(() -> app.output().contains("WARN"));
            app.terminate().awaitEnd(30, 0);
        }
    }
}
