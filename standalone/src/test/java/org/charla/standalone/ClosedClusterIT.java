package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.bson.Document;
import org.charla.client.Charla;
import org.charla.client.terminal.Console;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.embedded.GivenValues;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.streams.ClusterPermissions;
import org.charla.streams.Main;
import org.charla.streams.StreamsApp;
import org.charla.testing.Checkout;
import org.charla.testing.Secrets;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * All parts on a Kafka that lets in only whom it should, with the permissions and the secrets that
 * docker-compose.secure.yml uses; and whatever each of them isn't meant to do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosedClusterIT {

    private static final String MATRIX = Topics.ofChannel("matrix");
    private static final String CHANNELS = "chat.channels";
    private static final String CHANGELOG = "charla-streams-users-changelog";

    private static final String STRANGER = ClosedCluster.STRANGER;
    private static final List<String> PRINCIPALS = List.of("client", "streams-app", "connect", "operator", STRANGER);

    private static final List<String> TOPICS = List.of(Topics.RAW, Topics.USERS, CHANNELS, MATRIX, Topics.REJECTED,
            Topics.REFUSALS, Topics.SINK_DEAD_LETTERS, CHANGELOG, "connect-configs", "connect-offsets", "connect-status",
            "others");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    private Path folder;

    private ClosedCluster cluster;
    private Secrets secrets;
    private EmbeddedKafka kafka;
    private EmbeddedStore store;
    private Admin admin;
    private StreamsApp app;
    private Connect<DistributedHerder> worker;

    /** What a command left behind. */
    private record Result(int status, String out, String err) {
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = ClosedCluster.start(directory, faults);
        secrets = cluster.secrets();
        kafka = cluster.kafka();
        admin = cluster.admin();
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        app = cluster.startStreamsApp(directory.resolve("streams"), 1);
        worker = new ConnectDistributed().startConnect(workerSettings());
        for (String connector : List.of("channel-messages-sink", "channels-sink", "users-sink")) {
            await().atMost(LIMIT).ignoreExceptions().until(() -> deploy(connector) / 100 == 2);
        }
        // What comes later, or only when something went wrong.
        for (String topic : List.of(CHANNELS, MATRIX, Topics.SINK_DEAD_LETTERS, "others")) {
            if (!admin.listTopics().names().get().contains(topic)) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            }
        }
    }

    @AfterAll
    void stop() throws Exception {
        worker.stop();
        worker.herderTask().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        app.close();
        store.close();
        cluster.close();
    }

    private Map<String, String> workerSettings() throws IOException {
        Properties file = new Properties();
        try (InputStream in = Files.newInputStream(Checkout.WORKER)) {
            file.load(in);
        }
        Map<String, String> settings = new TreeMap<>();
        file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        settings.putAll(secrets.read("connect/worker.properties"));
        settings.putAll(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "plugin.path", Checkout.PLUGINS.toAbsolutePath().toString(), "listeners", "http://127.0.0.1:0",
                "offset.storage.partitions", "1", "status.storage.partitions", "1",
                "config.providers.env.class", GivenValues.class.getName(),
                "config.providers.env.param.CHARLA_MONGODB_URI", store.uri(), "offset.flush.interval.ms", "1000"));
        return settings;
    }

    private int deploy(String connector) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                        worker.rest().advertisedUrl().resolve("/connectors/" + connector + "/config"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofFile(Checkout.connector(connector))).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void carriesMessagesFromAClientToItsHistory() throws Exception {
        Result sent = run("client", "", "send", "general", "hola", "--user", "ada", "--wait", "--json");
        assertThat(sent.err()).isEmpty();
        assertThat(sent.status()).isZero();
        // Behind the name stand title and owner, who is found within about a second.
        assertThat(run("client", "", "channels").out().lines()).anyMatch(line -> line.matches("general(\t\tada)?"));
        try (MongoClient mongodb = MongoClients.create(store.uri())) {
            await().atMost(LIMIT).until(() -> mongodb.getDatabase("chat").getCollection("chat.channel.general")
                    .countDocuments() == 1 && mongodb.getDatabase("chat").getCollection("chat.users").countDocuments() >= 1);
            // What the rules' sink may read; the first message was signed.
            await().atMost(LIMIT).until(() -> mongodb.getDatabase("chat").getCollection("chat.channels")
                    .countDocuments(new Document("_id", "general").append("owner", "ada")) == 1);
        }
        assertThat(run("client", "", "history", "general").out()).contains("<ada> hola");
        assertThat(run("client", "", "users").out()).contains("ada");
        assertThat(run("client", "{\"channel\":\"old\",\"nick\":\"bob\",\"sentAt\":\"2007-09-14T10:24:21Z\","
                + "\"text\":\"hi\"}\n", "import", "-").out()).startsWith("sent 1, duplicates skipped 0, users made 1");
    }

    @Test
    void tellsAClientOfItsOwnRefusalsAndNobodyOfOthersTexts() {
        Result refused = run("client", "", "send", "../x", "a secret", "--user", "eve", "--wait");
        assertThat(refused.err()).startsWith("charla: INVALID_CHANNEL: ").hasLineCount(1);

        try (KafkaConsumer<byte[], byte[]> consumer = consumer("client", Map.of())) {
            TopicPartition partition = new TopicPartition(Topics.REFUSALS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                return !read.isEmpty() && consumer.position(partition) >= consumer.endOffsets(List.of(partition)).get(partition);
            });
            // The matrix writes others.
            assertThat(read).filteredOn(record -> Rejection.fromHeaders(record.headers()).isPresent()).isNotEmpty()
                    .allSatisfy(record -> {
                        assertThat(record.key()).isNull();
                        assertThat(record.value()).isNull();
                        assertThat(Arrays.toString(record.headers().toArray())).doesNotContain("eve");
                    });
        }
    }

    @Test
    void letsNobodyWriteAnythingButWhatIsTheirs() {
        Map<String, Set<String>> allowed = new TreeMap<>(Map.of(
                Topics.RAW, Set.of("client"), Topics.USERS, Set.of("streams-app"), CHANNELS, Set.of("streams-app"),
                MATRIX, Set.of("streams-app"), Topics.REJECTED, Set.of("streams-app"),
                Topics.REFUSALS, Set.of("streams-app"), CHANGELOG, Set.of("streams-app"),
                Topics.SINK_DEAD_LETTERS, Set.of("connect"), "others", Set.of()));
        List.of("connect-configs", "connect-offsets", "connect-status").forEach(topic -> allowed.put(topic, Set.of("connect")));
        Map<String, Set<String>> written = new TreeMap<>();
        for (String principal : PRINCIPALS) {
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    cluster.as(principal), new ByteArraySerializer(), new ByteArraySerializer())) {
                TOPICS.forEach(topic -> note(written, topic, principal, () ->
                        producer.send(new ProducerRecord<>(topic, 0, "nobody".getBytes(UTF_8), null)).get()));
            }
        }
        assertThat(written).isEqualTo(allowed);
    }

    @Test
    void letsNobodyReadAnythingButWhatIsTheirs() throws Exception {
        Map<String, Set<String>> allowed = new TreeMap<>(Map.of(
                Topics.RAW, Set.of("streams-app", "operator"), Topics.USERS, Set.of("client", "connect", "operator"),
                CHANNELS, Set.of("client", "streams-app", "connect", "operator"),
                MATRIX, Set.of("client", "connect", "operator"), Topics.REJECTED, Set.of("operator"),
                Topics.REFUSALS, Set.of("client", "operator"), CHANGELOG, Set.of("streams-app"),
                Topics.SINK_DEAD_LETTERS, Set.of("operator"), "others", Set.of()));
        List.of("connect-configs", "connect-offsets", "connect-status").forEach(topic -> allowed.put(topic, Set.of("connect")));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                cluster.administrator(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String topic : TOPICS) {
                producer.send(new ProducerRecord<>(topic, 0, "nobody".getBytes(UTF_8), null)).get();
            }
        }
        Map<String, Set<String>> read = new TreeMap<>();
        for (String principal : PRINCIPALS) {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(principal, Map.of())) {
                TOPICS.forEach(topic -> note(read, topic, principal, () -> {
                    TopicPartition partition = new TopicPartition(topic, 0);
                    consumer.assign(List.of(partition));
                    consumer.seekToBeginning(List.of(partition));
                    await().atMost(LIMIT).until(() -> !consumer.poll(Duration.ofSeconds(1)).isEmpty());
                }));
            }
        }
        assertThat(read).isEqualTo(allowed);
    }

    @Test
    void letsNobodyMeddleWithTheGroupsAndTransactionsOfOthers() {
        Map<String, Set<String>> joined = new TreeMap<>();
        Map<String, Set<String>> opened = new TreeMap<>();
        for (String principal : PRINCIPALS) {
            for (String group : List.of("charla-streams", "charla-connect", "connect-free", "free")) {
                try (KafkaConsumer<byte[], byte[]> consumer = consumer(principal, Map.of("group.id", group))) {
                    note(joined, group, principal, () -> {
                        try {
                            consumer.commitSync(Map.of(new TopicPartition(MATRIX, 0), new OffsetAndMetadata(0)));
                        } catch (CommitFailedException e) {
                            // Who may go so far is told that the group is at work.
                        }
                    });
                }
            }
            for (String id : List.of("charla-streams-7", "free")) {
                Map<String, Object> settings = cluster.as(principal);
                settings.put("transactional.id", id);
                settings.put("transaction.timeout.ms", 5_000);
                try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                    note(opened, id, principal, producer::initTransactions);
                }
            }
        }
        // To commit takes the topic as well.
        assertThat(joined).isEqualTo(Map.of("charla-streams", Set.of(), "charla-connect", Set.of("connect"),
                "connect-free", Set.of("connect"), "free", Set.of()));
        assertThat(opened).isEqualTo(Map.of("charla-streams-7", Set.of("streams-app"), "free", Set.of()));
    }

    @Test
    void letsNobodyChangeTheCluster() {
        AclBinding all = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL),
                new AccessControlEntry("User:" + STRANGER, "*", AclOperation.ALL, AclPermissionType.ALLOW));
        Map<String, Set<String>> done = new TreeMap<>();
        for (String principal : PRINCIPALS) {
            try (Admin theirs = Admin.create(cluster.as(principal))) {
                note(done, "permissions", principal, () -> theirs.createAcls(List.of(all)).all().get());
                note(done, "permissions seen", principal, () -> theirs.describeAcls(AclBindingFilter.ANY).values().get());
                note(done, "passwords", principal, () -> ClusterPermissions.setPasswords(theirs, Map.of("client", "x")));
                note(done, "topic others-2", principal, () ->
                        theirs.createTopics(List.of(new NewTopic("others-2", 1, (short) 1))).all().get());
                note(done, "a channel of their own", principal, () -> theirs.createTopics(List.of(
                        new NewTopic(Topics.ofChannel("of-" + principal), 1, (short) 1))).all().get());
                TOPICS.forEach(topic -> note(done, "deletion", principal, () ->
                        theirs.deleteTopics(List.of(topic)).all().get()));
                for (ConfigResource resource : List.of(
                        new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        new ConfigResource(ConfigResource.Type.TOPIC, Topics.SINK_DEAD_LETTERS),
                        new ConfigResource(ConfigResource.Type.TOPIC, "connect-configs"))) {
                    note(done, "settings of " + resource.type() + " " + resource.name(), principal, () ->
                            theirs.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(
                                    new ConfigEntry(resource.type() == ConfigResource.Type.TOPIC
                                            ? "retention.ms" : "log.cleaner.threads", "1"), AlterConfigOp.OpType.DELETE))))
                                    .all().get());
                }
            }
        }
        assertThat(done).isEqualTo(Map.of("permissions", Set.of(), "permissions seen", Set.of(), "passwords", Set.of(),
                "topic others-2", Set.of(), "a channel of their own", Set.of("streams-app"), "deletion", Set.of(),
                "settings of BROKER 1", Set.of(), "settings of BROKER ", Set.of(),
                "settings of TOPIC chat.sink.dlq", Set.of("streams-app"), "settings of TOPIC connect-configs", Set.of()));
    }

    @Test
    void holdsTheFilesPermissionsAndNoOthersHoweverOftenTheyAreBrought() throws Exception {
        ClusterPermissions permissions = ClusterPermissions.read(ClosedCluster.PERMISSIONS);
        AclBinding surplus = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "chat.", PatternType.PREFIXED),
                new AccessControlEntry("User:mallory", "*", AclOperation.WRITE, AclPermissionType.ALLOW));
        admin.createAcls(List.of(surplus)).all().get();
        await().atMost(LIMIT).until(() -> permissions.apply(admin).equals(List.of("- mallory WRITE topic chat.*")));
        await().atMost(LIMIT).until(() -> permissions.apply(admin).isEmpty());
    }

    @Test
    void saysToAClientWhetherItIsTheCertificateThePasswordOrAPermission() throws Exception {
        for (String[] command : new String[][] {{"send", "general", "hola"}, {"send", "general", "hola", "--wait"},
            {"channels"}, {"tail", "general"}, {"import", "-"}}) {
            if (!command[0].equals("channels")) {
                assertThat(client(wrong(Map.of(
                        "kafka.username", STRANGER, "kafka.password", cluster.password(STRANGER))), command).err())
                        .as(String.join(" ", command)).hasLineCount(1)
                        .containsPattern("lacks the permission: Not authorized to access topics: \\[chat\\.");
            }
            assertThat(client(wrong(Map.of("kafka.password", "wrong")), command).err()).as(String.join(" ", command))
                    .hasLineCount(1).contains("refuses the user or the password (kafka.username, kafka.password)");
            Map<String, String> untrusting = wrong(Map.of());
            untrusting.remove("kafka.truststore");
            assertThat(client(untrusting, command).err()).as(String.join(" ", command)).hasLineCount(1)
                    .contains("shows a certificate that nobody vouches for who is trusted here (kafka.truststore)");
        }
    }

    @Test
    void saysWhatElseIsWrongWithTheSettings() throws Exception {
        String[] command = {"send", "general", "hola"};
        assertThat(client(wrong(Map.of("kafka.username", "nobody")), command).err()).hasLineCount(1)
                .contains("refuses the user or the password");
        assertThat(client(wrong(Map.of("kafka.sasl.mechanism", "SCRAM-SHA-256")), command).err()).hasLineCount(1)
                .contains("refuses the user or the password", "SCRAM-SHA-512");
        Path others = Secrets.make(folder.resolve("others")).file("client/ca.pem");
        assertThat(client(wrong(Map.of("kafka.truststore", others.toString())), command).err()).hasLineCount(1)
                .contains("(kafka.truststore)");
        assertThat(client(wrong(Map.of("kafka.truststore", "/nowhere/ca.pem")), command).err()).hasLineCount(1)
                .contains("there is no file /nowhere/ca.pem that can be read (kafka.truststore)");
        for (String listener : List.of("CLIENTS", "BROKER")) {
            assertThat(client(Map.of("bootstrap.servers", kafka.bootstrapServers(listener)), command).err())
                    .hasLineCount(1).contains("wants TLS (kafka.truststore, kafka.username)");
        }
        // The listener of the brokers, where a certificate is all that counts.
        assertThat(client(Map.of("bootstrap.servers", kafka.bootstrapServers("BROKER"),
                "kafka.truststore", secrets.file("client/ca.pem").toString()), command).err())
                .hasLineCount(1).contains("wants to see one (kafka.ssl.keystore.location)");
    }

    @Test
    void saysTheSameToTheStreamsAppAndToTheDeployer() throws Exception {
        Map<String, String> right = Map.of("kafka.username", "streams-app", "kafka.password",
                cluster.password("streams-app"), "kafka.truststore", secrets.file("client/ca.pem").toString());
        assertThat(streamsApp(right, "kafka.password", "wrong")).contains("refuses the user or the password");
        assertThat(streamsApp(right, "kafka.truststore",
                Secrets.make(folder.resolve("others")).file("client/ca.pem").toString())).contains("(kafka.truststore)");
        Map<String, String> stranger = new HashMap<>(right);
        stranger.put("kafka.username", STRANGER);
        assertThat(streamsApp(stranger, "kafka.password", cluster.password(STRANGER))).contains("lacks the permission");
        assertThat(streamsApp(Map.of(), "http.listen", "")).contains("wants TLS (kafka.truststore, kafka.username)");

        assertThat(status("operator", cluster.password("operator"))).doesNotContain("does not tell the lag");
        assertThat(status("client", cluster.password("client")))
                .contains("Kafka does not tell the lag", "connect-users-sink", "authorization failure");
        assertThat(status("operator", "wrong")).contains("Kafka does not tell the lag", "invalid credentials");
    }

    /** Of {@code connectors status}. */
    private String status(String user, String password) throws Exception {
        Map<String, String> settings = wrong(Map.of("kafka.username", user, "kafka.password", password));
        return process(RemoteMain.class, "--config", write(settings).toString(), "--connect-url",
                worker.rest().advertisedUrl().toString(), "connectors", "status");
    }

    private String streamsApp(Map<String, String> settings, String name, String value) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put(name, value);
        all.put("bootstrap.servers", kafka.bootstrapServers());
        all.put("state.dir", folder.resolve("streams").toString());
        return process(Main.class, write(all).toString());
    }

    /** The complaint of a process. */
    private static String process(Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback-test.xml", "-Dcharla.home=" + Checkout.HOME,
                "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String complaint = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return complaint;
    }

    private Result run(String principal, String input, String... arguments) {
        try {
            Map<String, String> settings = secrets.read(principal + "/client.properties");
            settings.put("bootstrap.servers", kafka.bootstrapServers());
            settings.put("mongodb.uri", store.uri());
            return client(settings, input, arguments);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A client's settings, with what is to be wrong. */
    private Map<String, String> wrong(Map<String, String> settings) throws IOException {
        Map<String, String> all = secrets.read("client/client.properties");
        all.put("bootstrap.servers", kafka.bootstrapServers());
        all.put("mongodb.uri", store.uri());
        all.putAll(settings);
        return all;
    }

    private Result client(Map<String, String> settings, String... arguments) throws IOException {
        return client(settings, "{\"channel\":\"old\",\"nick\":\"bob\",\"sentAt\":\"2007-09-14T10:24:21Z\",\"text\":\"hi\"}\n",
                arguments);
    }

    private Result client(Map<String, String> settings, String input, String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Charla.commandLine(
                Map.of("CHARLA_CONFIG", write(settings).toString(), "CHARLA_LANG", "en", "XDG_STATE_HOME", folder.toString()),
                new Console(new ByteArrayInputStream(input.getBytes(UTF_8)), out, err, false, false, false)).execute(arguments);
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    private Path write(Map<String, String> settings) throws IOException {
        return Files.write(Files.createTempFile(folder, "settings", ".properties"),
                settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String principal, Map<String, Object> more) {
        Map<String, Object> settings = cluster.as(principal);
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Something that the cluster may refuse. */
    private interface Attempt {

        void make() throws Exception;
    }

    /** Notes who could do something; any other failure than a refusal is one of the test. */
    private static void note(Map<String, Set<String>> done, String what, String principal, Attempt attempt) {
        Set<String> who = done.computeIfAbsent(what, none -> new TreeSet<>());
        try {
            attempt.make();
            who.add(principal);
        } catch (Exception e) {
            boolean refused = false;
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                refused |= cause instanceof AuthorizationException;
            }
            assertThat(refused).as("%s as %s: %s", what, principal, e).isTrue();
        }
    }
}
