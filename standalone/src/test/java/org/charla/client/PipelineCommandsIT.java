package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.charla.standalone.EmbeddedKafka;
import org.charla.standalone.EmbeddedStore;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a broker and the streams app; the store is there, and no sink fills it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineCommandsIT {

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private EmbeddedStore store;
    private StreamsApp app;

    /** What a command left behind. */
    private record Result(int status, String out, String err) {
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, PipelineCommandsIT::fail);
        store = EmbeddedStore.start(directory.resolve("store"), 0, PipelineCommandsIT::fail);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("streams").toString());
        app = StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
        assertThat(app.awaitRunning(Duration.ofSeconds(60))).isTrue();
    }

    @AfterAll
    void stop() throws Exception {
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
        assertThat(run("", "channels").out().lines()).contains("brand-new");
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
                line("ada", "one") + line("bob", "two") + "nonsense\n" + line("ada", "three"));
        Path zipped = write("zipped", true, line("bob", "four") + line("a b", "five"));

        Result result = run("", "import", plain.toString(), zipped.toString(), "--json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo(plain + ":3: not a JSON object that names no member twice\n");
        assertThat(result.out()).matches(
                "\\{\"sent\":5,\"duplicates\":0,\"users\":[012],\"refused\":1,\"millis\":\\d+,\"completed\":true}\n");
        sendBehindTheImport("last");
        List<String> texts = texts("imported", 10);
        assertThat(texts).containsExactlyInAnyOrder("one", "two", "three", "four", "last", "last");
        assertThat(texts).containsSubsequence("one", "three").containsSubsequence("two", "four");

        assertThat(run(line("ada", "one") + line("bob", "two"), "import", "-").out())
                .startsWith("sent 2, duplicates skipped 0, users made 0, lines refused 0");
        sendBehindTheImport("very last");
        assertThat(texts("imported", 10)).hasSize(8);
    }

    /** A user's events are judged in order: when this is in the channel, so is all that was imported of them. */
    private void sendBehindTheImport(String text) {
        for (String user : List.of("ada", "bob")) {
            assertThat(run("", "send", "imported", text, "--user", user, "--wait").status()).isZero();
        }
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

    private List<String> texts(String channel, int count) {
        Settings settings = new Settings(kafka.bootstrapServers(), store.uri(), "", "ada", Map.of(), Map.of(), true);
        try (ChannelReader reader = new ChannelReader(new KafkaAccess(settings), (where, why) -> {
            throw new AssertionError(where + ": " + why);
        })) {
            return reader.open(channel, count, List.of()).last().stream().map(m -> m.message().text()).toList();
        }
    }

    private Result run(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Charla.commandLine(
                Map.of("CHARLA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "CHARLA_MONGODB_URI", store.uri()),
                new Console(new ByteArrayInputStream(input.getBytes(UTF_8)), out, err, false, false)).execute(arguments);
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static void fail(String what, Throwable cause) {
        throw new AssertionError(what, cause);
    }
}
