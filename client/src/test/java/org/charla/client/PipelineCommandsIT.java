package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.access.ChannelReader;
import org.charla.access.ChannelTopics;
import org.charla.access.ExistingUsers;
import org.charla.access.KafkaAccess;
import org.charla.access.PlacedMessage;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a broker and the streams app; the store is there, and no sink fills it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineCommandsIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    private Path folder;

    /** Of the person who writes in all tests. */
    @TempDir
    private static Path keys;

    private EmbeddedKafka kafka;
    private ChannelTopics topics;
    private EmbeddedStore store;
    private StreamsApp app;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"), faults);
        topics = new ChannelTopics(new KafkaAccess(kafka.bootstrapServers(), Map.of(), ""), null);
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("streams").toString());
        app = StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
        assertThat(app.awaitRunning(Duration.ofSeconds(60))).isTrue();
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    void stop() throws Exception {
        topics.close();
        producer.close();
        app.close();
        store.close();
        kafka.close();
    }

    @Test
    void waitsUntilAMessageIsInAChannelThatItMakes() {
        Result result = run("", "send", "brand-new", "hola", "a", "todos", "--user", "ada", "--wait", "--json");

        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.out()).matches("\\{\"messageId\":\"[0-9a-f-]{36}\",\"channel\":\"brand-new\","
                + "\"userId\":\"ada\",\"position\":\\d+}\n");
        assertThat(run("", "channels").out().lines()).anyMatch(line -> line.split("\t")[0].equals("brand-new"));
    }

    @Test
    void saysWhyThePipelineRefusesAMessage() {
        assertThat(run("", "send", "../x", "hola", "--user", "ada", "--wait"))
                .isEqualTo(new Result(1, "", "charla: INVALID_CHANNEL: The channel must be 1 to 64 of a-z, 0-9 and -,"
                        + " and not start with -.\n"));
    }

    @Test
    void saysWithoutWaitingWhatTheRulesWillRefuse() {
        Result result = run("", "send", "general", " ", "--user", "ada");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("charla: EMPTY_TEXT: ").hasLineCount(1);
    }

    @Test
    void sendsEachLineInOrderAndNumbersThoseThatFail() {
        String lines = IntStream.range(0, 1_000).mapToObj(n -> n == 499 ? "" : "line " + n)
                .collect(Collectors.joining("\n"));

        Result result = run(lines, "send", "lines", "--user", "ada", "--wait", "--json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("charla: line 500: EMPTY_TEXT: ").hasLineCount(1);
        assertThat(result.out()).hasLineCount(999);
        assertThat(texts("lines", 1_000)).containsExactlyElementsOf(
                IntStream.range(0, 1_000).filter(n -> n != 499).mapToObj(n -> "line " + n).toList());
    }

    @Test
    void importsTranscriptsInOrderAndReportsWhatIsNone() throws IOException {
        Path plain = write("plain.jsonl", false,
                line("lin", "one") + line("bob", "two") + "nonsense\n" + line("lin", "three") + "\n \r\nbehind blank lines\n");
        Path zipped = write("zipped", true, line("bob", "four") + line("a b", "five") + line("eve", " ")
                + line("lin", "six").replace("imported", "#imported"));

        Result result = run("", "import", plain.toString(), zipped.toString(), "--json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(5).satisfiesExactly(
                first -> assertThat(first).isEqualTo(plain + ":3: not a JSON object that names no member twice"),
                behindBlankLines -> assertThat(behindBlankLines).startsWith(plain + ":7: not a JSON object"),
                second -> assertThat(second).startsWith(zipped + ":2: INVALID_USER_ID: "),
                third -> assertThat(third).startsWith(zipped + ":3: EMPTY_TEXT: "),
                fourth -> assertThat(fourth).startsWith(zipped + ":4: INVALID_CHANNEL: "));
        assertThat(result.out()).matches(
                "\\{\"sent\":4,\"changes\":0,\"duplicates\":0,\"users\":[012],\"refused\":5,\"millis\":\\d+,\"completed\":true}\n");
        assertThat(run("", "users").out()).doesNotContain("eve");
        List<String> texts = texts("imported", 10);
        assertThat(texts).containsExactlyInAnyOrder("one", "two", "three", "four");
        assertThat(texts).containsSubsequence("one", "three").containsSubsequence("two", "four");

        assertThat(run(line("lin", "one") + line("bob", "two"), "import", "-").out())
                .startsWith("sent 2, duplicates skipped 0, users made 0, lines refused 0");
        assertThat(texts("imported", 10)).hasSize(4);
    }

    @Test
    void keepsTheOrderOfATranscriptOfOursWhoeverWroteIt() throws IOException {
        String lines = IntStream.range(0, 60)
                .mapToObj(n -> line("user" + n * 7 % 10, "line " + n).replace("imported", "in-order"))
                .collect(Collectors.joining());
        Path file = write("ours", false, "{\"charla\":\"transcript\",\"version\":1}\n" + lines);

        assertThat(run("", "import", file.toString()).out()).startsWith("sent 60, duplicates skipped 0, users made 10,");
        assertThat(texts("in-order", 100)).containsExactlyElementsOf(
                IntStream.range(0, 60).mapToObj(n -> "line " + n).toList());
    }

    @Test
    void importsWhatChangedMessagesOnceTheyAreThere() throws IOException {
        Path file = write("changed", false, """
                {"channel":"changed","nick":"lin","sentAt":"2007-09-14T10:24:21Z","text":"one","messageId":"m1",\
                "editedAt":"2007-09-14T10:25:00Z","reactions":[{"nick":"bob","reactions":["👍"]},\
                {"nick":"eve","displayName":"Eve","reactions":["👍","🎉"]}]}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:22Z","text":"two","replyTo":"lin:m1"}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:23Z","deletedBy":"bob",\
                "deletedAt":"2007-09-14T10:26:00Z"}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:24Z","text":"x","replyTo":"lin"}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:24Z","text":"x",\
                "reactions":[{"nick":"eve","reactions":["ok"]}]}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:24Z","text":"x","displayName":" "}
                {"charla":"transcript","version":2}
                {"channel":"changed","nick":"bob","sentAt":"2007-09-14T10:24:25Z","text":"of another version"}
                """);

        Result result = run("", "import", file.toString());

        assertThat(result.out()).startsWith("sent 3, changes 4, duplicates skipped 0, users made ")
                .contains("lines refused 4 (");
        assertThat(result.err().lines()).hasSize(4).satisfiesExactlyInAnyOrder(
                reply -> assertThat(reply).startsWith(file + ":4: INVALID_TARGET: "),
                reaction -> assertThat(reaction).startsWith(file + ":5: reactions: INVALID_REACTION: "),
                name -> assertThat(name).startsWith(file + ":6: displayName: INVALID_DISPLAY_NAME: "),
                version -> assertThat(version).startsWith(file + ":7: a transcript of another version than 1"));
        try (ChannelReader reader = reader()) {
            List<PlacedMessage> changed = reader.open("changed", 10, List.of()).last();
            assertThat(changed).extracting(placed -> placed.message().text()).containsExactlyInAnyOrder("one", "two", "");
            PlacedMessage first = changed.stream().filter(placed -> placed.message().messageId().equals("m1")).findFirst()
                    .orElseThrow();
            assertThat(first.edited().orElseThrow().at()).isEqualTo(Instant.parse("2007-09-14T10:25:00Z").toEpochMilli());
            assertThat(first.reactions()).extracting(PlacedMessage.Reacted::userId).containsExactlyInAnyOrder("bob", "eve");
            assertThat(changed).filteredOn(placed -> placed.deleted().isPresent()).singleElement()
                    .satisfies(gone -> assertThat(gone.deleted().get().by()).isEqualTo("bob"));
        }
    }

    @Test
    void changesAMessageByItsPositionOrItsIdAndSaysWhyThePipelineRefusesTo() {
        String sent = run("", "send", "changing", "hola", "--user", "ada", "--wait", "--json").out();
        String id = "ada:" + sent.replaceAll("(?s).*\"messageId\":\"([^\"]+)\".*", "$1");
        String position = sent.replaceAll("(?s).*\"position\":(\\d+).*", "$1");

        assertThat(run("", "edit", "changing", position, "-5", "degrees, @bob", "--user", "ada", "--wait", "--json").out())
                .matches("\\{\"messageId\":\"[0-9a-f-]{36}\",\"channel\":\"changing\",\"userId\":\"ada\",\"position\":\\d+}\n");
        assertThat(run("", "react", "changing", id, "👍", "👩‍💻", "--user", "ben", "--wait")).isEqualTo(new Result(0, "", ""));
        assertThat(run("", "react", "changing", id, "🎉", "--user", "flo", "--wait")).isEqualTo(new Result(0, "", ""));
        assertThat(run("", "react", "changing", id, "--user", "flo", "--wait")).isEqualTo(new Result(0, "", ""));
        assertThat(run("", "send", "changing", "sí", "--reply-to", position, "--user", "ben", "--wait").status()).isZero();
        PlacedMessage changed;
        try (ChannelReader reader = reader()) {
            List<PlacedMessage> last = reader.open("changing", 10, List.of()).last();
            changed = last.get(0);
            assertThat(last.get(1).message().replyTo()).contains(id);
        }
        assertThat(changed.message().text()).isEqualTo("-5 degrees, @bob");
        assertThat(changed.reactions()).singleElement().satisfies(reacted -> {
            assertThat(reacted.userId()).isEqualTo("ben");
            assertThat(reacted.reactions()).containsExactly("👍", "👩‍💻");
        });

        assertThat(run("", "edit", "changing", position, "mine", "--user", "ben", "--wait").err())
                .startsWith("charla: INVALID_TARGET: ").hasLineCount(1);
        assertThat(run("", "edit", "changing", "ada:nothing", "mine", "--user", "ada", "--wait").err())
                .startsWith("charla: UNKNOWN_MESSAGE: ").hasLineCount(1);
        assertThat(run("", "react", "changing", position, "ok", "--user", "ben").err())
                .startsWith("charla: INVALID_REACTION: ").hasLineCount(1);
        assertThat(run("", "delete", "changing", position, "--user", "flo", "--wait").err())
                .startsWith("charla: NOT_ALLOWED: ").hasLineCount(1);
        assertThat(run("", "delete", "changing", "100000", "--user", "ada").err())
                .startsWith("charla: there is no message at position 100000 of #changing").hasLineCount(1);
        assertThat(run("", "delete", "changing", id, "--user", "ada", "--wait")).isEqualTo(new Result(0, "", ""));
        try (ChannelReader reader = reader()) {
            assertThat(reader.open("changing", 10, List.of()).last().get(0).deleted()).isPresent();
        }
    }

    @Test
    void leavesTheNameOfWhoChangesSomething() {
        assertThat(run("", "send", "named", "hola", "--user", "zoe", "--name", "Zoë", "--wait").status()).isZero();
        assertThat(run("", "rules", "named", "title", "", "--user", "zoe", "--wait").status()).isZero();
        assertThat(run("", "send", "named", "hola", "--user", "ada", "--wait").status()).isZero();

        assertThat(new ExistingUsers(new KafkaAccess(kafka.bootstrapServers(), Map.of(), "")).find("zoe").orElseThrow()
                .displayName()).isEqualTo("Zoë");
    }

    @Test
    void showsAndChangesWhatHoldsInAChannel() {
        assertThat(run("", "rules", "nowhere")).isEqualTo(new Result(1, "", "charla: there is no channel #nowhere\n"));
        assertThat(run("", "send", "ruled", "hola", "--user", "ada", "--wait").status()).isZero();
        await().untilAsserted(() -> assertThat(run("", "rules", "ruled").out().lines()).contains("owner       ada"));

        for (String rule : List.of("title|-- 'What' concerns \"all\" --", "slow-mode|30", "moderator|ben")) {
            String[] parts = rule.split("\\|");
            assertThat(run("", "rules", "ruled", "--user", "ada", "--wait", "--", parts[0], parts[1]))
                    .isEqualTo(new Result(0, "", ""));
        }
        assertThat(run("", "rules", "ruled", "mute", "flo", "--until", "2h", "--user", "ada", "--wait", "--json").out())
                .contains("\"position\":");

        await().untilAsserted(() -> assertThat(run("", "rules", "ruled").out().lines()).satisfiesExactly(
                channel -> assertThat(channel).isEqualTo("channel     ruled"),
                title -> assertThat(title).isEqualTo("title       -- 'What' concerns \"all\" --"),
                owner -> assertThat(owner).isEqualTo("owner       ada"),
                moderators -> assertThat(moderators).isEqualTo("moderators  ben"),
                posting -> assertThat(posting).isEqualTo("posting     everyone"),
                slow -> assertThat(slow).isEqualTo("slow-mode   30 s"),
                muted -> assertThat(muted).startsWith("muted       flo until ")));
        assertThat(run("", "rules", "ruled", "--json").out()).startsWith("{\"channel\":\"ruled\",\"title\":\"-- 'What'");
        assertThat(run("", "channels").out().lines()).contains("ruled\t-- 'What' concerns \"all\" --\tada");
        assertThat(run("", "channels", "--json").out()).contains("\"title\":\"-- 'What'");
        assertThat(run("", "rules", "ruled", "owner", "flo", "--user", "ben", "--wait").err())
                .startsWith("charla: NOT_ALLOWED: ").hasLineCount(1);
        assertThat(run("", "rules", "ruled", "slow-mode", "fast", "--user", "ada").err())
                .startsWith("charla: INVALID_RULE: ").hasLineCount(1);
        assertThat(run("", "rules", "ruled", "mute", "mal", "--until", "2020-01-01T00:00:00Z", "--user", "ada", "--wait").err())
                .startsWith("charla: INVALID_RULE: ").hasLineCount(1);
    }

    @Test
    void countsTheImportedLinesThatThePipelineRefusesInEachFile() throws Exception {
        put(Topics.USERS, bytes("ghost"), Wire.write(new UserProfile("ghost", "A user that the pipeline does not have", 1)));
        producer.flush();
        Path first = write("first", false, line("lin", "seven") + line("ghost", "boo"));
        Path second = write("second", false, line("ghost", "boo again"));

        Result result = run("", "import", first.toString(), second.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(2)
                .anyMatch(line -> line.startsWith(first + ":2: UNKNOWN_USER: "))
                .anyMatch(line -> line.startsWith(second + ":1: UNKNOWN_USER: "));
        assertThat(result.out()).startsWith("sent 1, duplicates skipped 0, users made ").contains("lines refused 2 (");
    }

    @Test
    void doesNotSendWhatChangedAMessageThatThePipelineRefuses() throws Exception {
        put(Topics.USERS, bytes("phantom"), Wire.write(new UserProfile("phantom", "Not a user of the pipeline's", 1)));
        producer.flush();
        Path file = write("changes-of-refused", false, """
                {"channel":"refused","nick":"phantom","sentAt":"2007-09-14T10:24:21Z","text":"boo","messageId":"m1",\
                "reactions":[{"nick":"bob","reactions":["👍"]}]}
                {"channel":"refused","nick":"lin","sentAt":"2007-09-14T10:24:22Z","text":"two","messageId":"m2",\
                "reactions":[{"nick":"bob","reactions":["🎉"]}]}
                """);

        Result result = run("", "import", file.toString());

        assertThat(result.out()).startsWith("sent 1, changes 1, duplicates skipped 0, ").contains("lines refused 1 (");
        assertThat(result.err()).startsWith(file + ":1: UNKNOWN_USER: ").hasLineCount(1);
        // What reacts to nothing would be accepted all the same.
        assertThat(records("refused")).isEqualTo(2);
    }

    @Test
    void sendsWhatWasWrittenAsItIs() throws IOException {
        Path file = write("alice", false, "the contents of a file");
        List<String> texts = List.of("@" + file, "@@alice", "-5 degrees", "-5", "-h is Planck's", "--wait and see", "->",
                "${sys:user.home}", "%n %s", "@|bold bold|@", "'quoted'", "\"quoted\"", "a=b", "--no such=thing", "\\n", "chat");

        for (String text : texts) {
            assertThat(run("", "send", "written", text, "--user", "ada")).isEqualTo(new Result(0, "", ""));
        }
        assertThat(run("", "send", "--user", "ada", "written", "--wait", "--", "--wait", "--", "-x").status()).isZero();

        assertThat(texts("written", 100)).containsExactlyElementsOf(
                Stream.concat(texts.stream(), Stream.of("--wait -- -x")).toList());
    }

    @Test
    void hearsOfItsMessagesWhateverElseStandsInTheTopics() throws Exception {
        assertThat(run("", "send", "foreign", "hola", "--user", "ada", "--wait").status()).isZero();
        Thread writer = new Thread(this::writeForeignRecords);
        writer.start();
        try {
            Result result = run("hola\n" + "x".repeat(70_000) + "\nhola\n", "send", "foreign", "--user", "ada", "--wait");

            assertThat(result.err()).startsWith("charla: line 2: MALFORMED: ").hasLineCount(1);
            assertThat(result.status()).isEqualTo(1);
            assertThat(run(line("lin", "eight"), "import", "-").err()).isEmpty();
        } finally {
            writer.interrupt();
            writer.join();
        }
    }

    /** Until it is interrupted. */
    private void writeForeignRecords() {
        byte[] garbage = {(byte) 0xFF, 0, '{'};
        while (!Thread.currentThread().isInterrupted()) {
            for (String topic : List.of(Topics.ofChannel("foreign"), Topics.REFUSALS, Topics.USERS)) {
                put(topic, null, garbage);
                put(topic, garbage, null);
                put(topic, bytes("ada"), new byte[100_000]);
                put(topic, null, null);
            }
        }
    }

    @Test
    void saysThatThereIsNoSuchChannelOrNothingOfItYet() {
        assertThat(run("", "history", "nowhere", "--json"))
                .isEqualTo(new Result(1, "", "charla: there is no channel #nowhere\n"));
        assertThat(run("", "send", "unstored", "hola", "--user", "ada", "--wait").status()).isZero();
        assertThat(run("", "history", "unstored"))
                .isEqualTo(new Result(0, "", "charla: MongoDB has no message of #unstored yet: is the sink running?\n"));
    }

    @Test
    void closesAChatsChannelThatMayNotBeReadAndSaysSo() throws Exception {
        assertThat(run("", "send", "secret", "hola", "--user", "ada", "--wait").status()).isZero();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createAcls(List.of(new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, Topics.ofChannel("secret"), PatternType.LITERAL),
                    new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY))))
                    .all().get();
        }

        Result result = run("hola\n", "chat", "--user", "ada", "--channel", "secret");

        assertThat(result.out()).contains("#secret is closed, since it can't be read: ", "Not sent: ");
        assertThat(run("", "tail", "secret", "-n", "1").err()).contains("does not allow this user to do that").hasLineCount(1);
    }

    private void put(String topic, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, 0, key, value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String line(String nick, String text) {
        return "{\"channel\":\"imported\",\"nick\":\"" + nick + "\",\"sentAt\":\"2007-09-14T10:24:21Z\",\"text\":\""
                + text + "\"}\n";
    }

    private Path write(String name, boolean gzip, String text) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream to = gzip ? new GZIPOutputStream(out) : out) {
            to.write(text.getBytes(UTF_8));
        }
        return file;
    }

    /** How many records are in a channel, changes too. */
    private int records(String channel) {
        TopicPartition topic = new TopicPartition(Topics.ofChannel(channel), 0);
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "isolation.level", "read_committed"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(topic));
            consumer.seekToBeginning(List.of(topic));
            long end = consumer.endOffsets(List.of(topic)).get(topic);
            int records = 0;
            while (consumer.position(topic) < end) {
                records += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return records;
        }
    }

    private ChannelReader reader() {
        KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), Map.of(), "");
        return new ChannelReader(access, topics, (where, why) -> {
            throw new AssertionError(where + ": " + why);
        });
    }

    private List<String> texts(String channel, int count) {
        try (ChannelReader reader = reader()) {
            return reader.open(channel, count, List.of()).last().stream().map(m -> m.message().text()).toList();
        }
    }

    private Result run(String input, String... arguments) {
        return Result.of(Map.of("CHARLA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "CHARLA_MONGODB_URI", store.uri(),
                "CHARLA_LANG", "en", "XDG_STATE_HOME", folder.toString(),
                "XDG_DATA_HOME", keys.toString()), input, arguments);
    }
}
