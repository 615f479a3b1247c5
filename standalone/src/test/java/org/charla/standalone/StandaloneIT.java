package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Sorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.Document;
import org.charla.embedded.EmbeddedStore;
import org.charla.standalone.StandaloneProcess.Ended;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole of Charla as a newcomer has it: one process that gets killed, and commands that talk to it. */
class StandaloneIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;
    private StandaloneProcess standalone;

    @BeforeEach
    void prepare() {
        standalone = new StandaloneProcess(directory);
    }

    @AfterEach
    void kill() throws InterruptedException {
        standalone.close();
    }

    @Test
    void refusesASecondInTheSameFolderAndStopsOnSigterm() throws Exception {
        standalone.start().awaitReady();
        try (StandaloneProcess second = new StandaloneProcess(directory)) {
            Ended refused = second.start().awaitEnd().requireStatus(1);
            assertThat(refused.err()).singleElement().asString().contains("another standalone", "--data-dir");
        }
        standalone.terminate().requireStatus(0);
        // By itself alone: what libraries do when a process is told to stop gets in its way.
        assertThat(standalone.log()).filteredOn(line -> line.endsWith(" - Kafka Connect stopping"))
                .singleElement().asString().contains("[standalone-stop]");
        assertThat(standalone.log()).noneMatch(line -> line.contains("[JettyShutdownThread]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"charla: starting Kafka and", "charla: starting Kafka Connect"})
    void stopsWithStatus0AlsoWhileItStarts(String line) throws Exception {
        Ended ended = standalone.start().awaitLine(line).terminate().requireStatus(0);
        assertThat(ended.err()).last().isEqualTo("charla: stopping");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void keepsAllThatItWritesInItsFolderWhateverThatIsCalledAndClosedToOthers() throws Exception {
        Path data = Files.createDirectories(directory.resolve(
                "a, b:c%20%d{x}${HOME}\\n\\ *#;=\"')(ñ[é]?&@!~\n "));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (StandaloneProcess odd = new StandaloneProcess(directory, data)) {
            odd.start().awaitReady();
            assertThat(Files.getPosixFilePermissions(data)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            odd.charla("send", "general", "hola", "--user", "ada", "--wait").requireStatus(0);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                    assertThat(odd.charla("history", "general").out()).singleElement().asString().endsWith("<ada> hola"));
            odd.terminate().requireStatus(0);
            assertThat(odd.log()).isNotEmpty();
        }
        try (Stream<Path> kept = Files.list(data)) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("kafka", "lock", "logs", "store", "streams");
        }
        try (Stream<Path> beside = Files.list(directory)) {
            // And the person's own: ada's key is not the standalone's.
            assertThat(beside.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("printed-")))
                    .containsExactlyInAnyOrder(data.getFileName().toString(), "charla");
        }
    }

    @Test
    void logsAlsoBesideAMongoDbOfItsOwn() throws Exception {
        try (EmbeddedStore mongodb = EmbeddedStore.start(directory.resolve("mongodb"), 0, faults)) {
            standalone.start("--kafka-port", "0", "--connect-port", "0", "--mongodb-uri", mongodb.uri()).awaitReady();
            assertThat(standalone.log()).anyMatch(line -> line.contains("RUNNING"));
            standalone.terminate().requireStatus(0);
        }
    }

    @Test
    void namesTheTakenPortAndItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ended refused = standalone.start("--kafka-port", "0", "--connect-port", port, "--mongodb-port", "0")
                    .awaitEnd();
            refused.requireStatus(1);
            assertThat(refused.err()).singleElement().asString().contains(port, "--connect-port");
        }
    }

    @Test
    void keepsWhatWasSentAcrossAKillAndHasAPausedConnectorGoOn() throws Exception {
        standalone.start().awaitReady();
        send("general", "hola", "--name", "Alice", "--wait").requireStatus(0);
        Ended refused = send("general", "x".repeat(4_001), "--wait");
        refused.requireStatus(1);
        assertThat(refused.err()).singleElement().asString().contains("TEXT_TOO_LONG").contains("4001");
        awaitHistory("<Alice> hola");
        standalone.charla("connectors", "pause", "channel-messages-sink").requireStatus(0);

        standalone.kill();
        standalone.start().awaitReady();
        awaitHistory("<Alice> hola");
        send("general", "still here", "--name", "Alice", "--wait").requireStatus(0);
        awaitHistory("<Alice> hola", "<Alice> still here");
    }

    @Test
    void hasEachMessageOnceAndInOrderThoughItIsKilledInTheMiddleOfAnImport() throws Exception {
        Map<String, List<String>> expected = new TreeMap<>();
        Path transcript = writeTranscript(30_000, expected);
        standalone.start().awaitReady();
        StandaloneProcess.Running imports = standalone.charlaInBackground("import", transcript.toString());
        // In the middle: some are in the store, most are still on their way.
        await().atMost(Duration.ofSeconds(60)).until(() -> documents(standalone.mongodbUri()) > 2_000);
        standalone.kill();
        standalone.start().awaitReady();
        Ended imported = imports.awaitEnd();
        assertThat(imported.status()).as(imported::toString).isZero();
        standalone.kill();
        standalone.start().awaitReady();

        await().atMost(Duration.ofSeconds(90)).until(() -> documents(standalone.mongodbUri()) >= 30_000);
        assertThat(textsBySender(standalone.mongodbUri())).isEqualTo(expected);
        Ended again = standalone.charla("import", transcript.toString());
        assertThat(again.out()).singleElement().asString().contains("sent 0, duplicates skipped 30000, users made 0");
    }

    private Ended send(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("--user", "alice", "send"));
        command.addAll(List.of(arguments));
        return standalone.charla(command.toArray(String[]::new));
    }

    private void awaitHistory(String... messages) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Ended history = standalone.charla("history", "general");
            history.requireStatus(0);
            assertThat(history.out()).hasSize(messages.length);
            for (int i = 0; i < messages.length; i++) {
                assertThat(history.out().get(i)).endsWith(messages[i]);
            }
        });
    }

    /** Lines of 40 nicks in 3 channels; what each said in which, in order, goes into {@code expected}. */
    private Path writeTranscript(int lines, Map<String, List<String>> expected) throws IOException {
        List<String> transcript = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            String nick = "nick" + i % 40;
            String channel = "channel" + i % 3;
            String text = "line " + i;
            transcript.add("{\"channel\":\"%s\",\"nick\":\"%s\",\"sentAt\":\"%s\",\"text\":\"%s\"}"
                    .formatted(channel, nick, Instant.EPOCH.plusSeconds(i), text));
            expected.computeIfAbsent(channel + ' ' + nick, sender -> new ArrayList<>()).add(text);
        }
        return Files.write(directory.resolve("transcript.jsonl"), transcript);
    }

    private static long documents(String mongodbUri) {
        try (MongoClient client = MongoClients.create(mongodbUri)) {
            return channels(client).stream().mapToLong(MongoCollection::countDocuments).sum();
        }
    }

    private static Map<String, List<String>> textsBySender(String mongodbUri) {
        Map<String, List<String>> texts = new HashMap<>();
        try (MongoClient client = MongoClients.create(mongodbUri)) {
            for (MongoCollection<Document> channel : channels(client)) {
                for (Document message : channel.find().sort(Sorts.ascending("offset"))) {
                    texts.computeIfAbsent(message.getString("channel") + ' '
                            + message.getEmbedded(List.of("author", "userId"), String.class),
                            sender -> new ArrayList<>()).add(message.getString("text"));
                }
            }
        }
        return texts;
    }

    private static List<MongoCollection<Document>> channels(MongoClient client) {
        List<MongoCollection<Document>> channels = new ArrayList<>();
        for (String name : client.getDatabase("chat").listCollectionNames()) {
            if (name.startsWith("chat.channel.")) {
                channels.add(client.getDatabase("chat").getCollection(name));
            }
        }
        return channels;
    }
}
