package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.charla.protocol.Topics;
import org.charla.standalone.StandaloneProcess.Running;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel's topic is lost, or all of Kafka, while MongoDB is kept: what comes later stands later, for everybody. */
class KafkaLostIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long NEXT = 1_000_000_000_000L;
    private static final String LINE = "\\d\\d:\\d\\d <bob> ";

    @TempDir
    private Path directory;
    private StandaloneProcess standalone;
    private final ObjectMapper json = new ObjectMapper();

    @AfterEach
    void stop() {
        standalone.close();
    }

    @Test
    void goesOnWhereATopicIsDeletedAndMadeAnewUnderAChatATailAndTheSink() throws Exception {
        standalone = new StandaloneProcess(directory).start().awaitReady();
        say("general", 0, 3);
        awaitStored("general", 3);
        Running tail = standalone.charlaInBackground("tail", "general", "-n", "2", "--json");
        try (TmuxTerminal alice = new TmuxTerminal(directory.resolve("alice"), 80, 24)) {
            chat(alice).awaitMatch(LINE + "text 2");
            await().atMost(LIMIT).until(() -> Files.readAllLines(tail.out()).size() == 2);
            delete("general");
            List<Long> positions = say("general", 3, 10);
            assertThat(positions.get(0)).isEqualTo(NEXT);
            say("other", 0, 1);
            for (int i = 3; i < 10; i++) {
                alice.awaitMatch(LINE + "text " + i);
            }
            awaitStored("general", 10);
            assertThat(positions("history", "general", "-n", "7", "--json")).isEqualTo(positions);
            assertThat(texts("history", "general", "-n", "3", "--before", Long.toString(positions.get(1)), "--json"))
                    .containsExactly("text 1", "text 2", "text 3");
            standalone.charla("react", "general", Long.toString(positions.get(2)), "👍", "--user", "bob", "--wait")
                    .requireStatus(0);
            alice.awaitMatch(".*👍.*").enter("/quit").awaitPrompt("$");

            delete("general");
            say("general", 10, 12);
            awaitStored("general", 12);
            chat(alice).awaitMatch("-+ new since .* -+").await(screen -> {
                List<String> lines = screen.stream().filter(line -> line.matches(LINE + ".*|-+ new since .*")).toList();
                assertThat(lines).hasSize(13);
                assertThat(lines.get(10)).startsWith("-");
                assertThat(lines.get(11)).endsWith("text 10");
            }).press("PageUp").enter("/quit").awaitPrompt("$");
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(records(Files.readAllLines(tail.out())).stream()
                .filter(record -> !record.has("type")).map(record -> record.path("text").asText()))
                .containsExactlyElementsOf(IntStream.range(1, 12).mapToObj(i -> "text " + i).toList()));
        assertThat(records(Files.readAllLines(tail.out()))).extracting(record -> record.path("position").asLong())
                .isSorted().doesNotHaveDuplicates();
        tail.process().destroy();
    }

    @Test
    void whatComesInANewKafkaStandsBehindWhatMongodbHas() throws Exception {
        try (Mongod mongod = Mongod.start(directory.resolve("mongod"))) {
            standalone = new StandaloneProcess(directory);
            String[] options = {"--kafka-port", "0", "--connect-port", "0", "--mongodb-uri", mongod.uri()};
            standalone.start(options).awaitReady();
            say("general", 0, 5);
            say("quiet", 0, 2);
            awaitStored("general", 5);
            awaitStored("quiet", 2);
            try (TmuxTerminal alice = new TmuxTerminal(directory.resolve("alice"), 80, 24)) {
                chat(alice).awaitMatch(LINE + "text 4").enter("/quit").awaitPrompt("$");
                standalone.terminate().requireStatus(0);
                forget("kafka");
                forget("streams");
                standalone.start(options).awaitReady();

                assertThat(standalone.charla("identity", "restore").requireStatus(0).out())
                        .containsExactly("restored     2");
                assertThat(standalone.shell("XDG_DATA_HOME=$folder/mallory \"$charla\" send general x --user bob")
                        .requireStatus(1).err()).singleElement().asString().startsWith("charla: bob belongs to whoever holds");
                // More than there was before.
                List<Long> positions = say("general", 5, 15);
                assertThat(positions.get(0)).isEqualTo(NEXT);
                awaitStored("general", 15);
                assertThat(texts("history", "general", "-n", "100", "--json"))
                        .containsExactlyElementsOf(IntStream.range(0, 15).mapToObj(i -> "text " + i).toList());
                assertThat(texts("history", "general", "-n", "4", "--before", Long.toString(positions.get(2)), "--json"))
                        .containsExactly("text 3", "text 4", "text 5", "text 6");
                chat(alice).await(screen -> {
                    List<String> lines = screen.stream().filter(line -> line.matches(LINE + ".*|-+ new since .*")).toList();
                    assertThat(lines).hasSize(16);
                    assertThat(lines.get(5)).startsWith("-");
                }).enter("/quit").awaitPrompt("$");
            }
            assertThat(say("quiet", 2, 3)).containsExactly(NEXT);
            awaitStored("quiet", 3);
            assertThat(texts("history", "quiet", "--json")).containsExactly("text 0", "text 1", "text 2");
        }
    }

    private TmuxTerminal chat(TmuxTerminal terminal) throws Exception {
        return terminal.command(Checkout.HOME.resolve("charla") + " chat " + standalone.options()
                + " --user alice --channel general").awaitPrompt("#general>");
    }

    /** Has Bob say {@code text from} to {@code text to-1}; returns where they stand. */
    private List<Long> say(String channel, int from, int to) throws Exception {
        return positions(IntStream.range(from, to).mapToObj(i -> "text " + i).toList(), "send", channel, "--json",
                "--user", "bob", "--wait", "--timeout", "60");
    }

    private List<Long> positions(List<String> input, String... arguments) throws Exception {
        String line = "printf '%s\\n' " + String.join(" ", input.stream().map(text -> "'" + text + "'").toList())
                + " | \"$charla\" " + String.join(" ", arguments);
        return records(standalone.shell(line).requireStatus(0).out()).stream()
                .map(record -> record.path("position").asLong()).toList();
    }

    private List<Long> positions(String... arguments) throws Exception {
        return records(standalone.charla(arguments).requireStatus(0).out()).stream()
                .map(record -> record.path("position").asLong()).toList();
    }

    private List<String> texts(String... arguments) throws Exception {
        return records(standalone.charla(arguments).requireStatus(0).out()).stream()
                .map(record -> record.path("text").asText()).toList();
    }

    private List<JsonNode> records(List<String> lines) throws Exception {
        List<JsonNode> records = new ArrayList<>();
        for (String line : lines) {
            records.add(json.readTree(line));
        }
        return records;
    }

    private void awaitStored(String channel, int count) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(texts("history", channel, "-n", "100", "--json"))
                .hasSize(count));
    }

    private void delete(String channel) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", standalone.bootstrapServers()))) {
            admin.deleteTopics(List.of(Topics.ofChannel(channel))).all().get();
        }
    }

    private void forget(String folder) throws Exception {
        try (Stream<Path> files = Files.walk(directory.resolve("data").resolve(folder))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
