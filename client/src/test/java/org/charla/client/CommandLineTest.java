package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.charla.client.command.Settings;
import org.charla.client.terminal.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

class CommandLineTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of("CHARLA_LANG", "en"));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A command of another module. */
    @Command(name = "other")
    static final class Other implements Runnable {

        @ParentCommand
        private Charla charla;

        private Settings settings;

        @Override
        public void run() {
            settings = charla.settings();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "edit", "delete", "react", "rules", "export", "history", "tail", "channels", "users", "import", "identity show",
        "identity revoke", "completion"})
    void helpsWithEachCommandByExamples(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString(UTF_8)).contains("Usage: charla " + command, "Examples:", "--bootstrap-servers");
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(UTF_8)).matches("charla \\d\\S+\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "history", "history ../x", "history general -n -1", "history general -n x",
        "history general --before x", "send general hola --timeout 0", "channels --timeout -1", "tail", "tail Users",
        "send", "import", "identity", "identity nonsense", "identity add-key x", "identity revoke",
        "identity import", "channels --nonsense", "users extra", "edit", "edit general", "edit general 5", "delete general",
        "edit ../x 5 hola", "delete general nonsense", "delete general bob:", "delete general -5", "react general 5:x:y!",
        "delete general 99999999999999999999", "send general hola --reply-to bob", "rules", "rules general nonsense x",
        "rules general mute", "rules general --until 2h", "rules general mute bob --until soon", "rules general mute a b",
        "export", "export Users"})
    void answersWrongUsageWithALineAHintAndStatus2(String arguments) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).matches("charla: .+\nTry 'charla.* --help'\\.\n");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"history general -n -1", "history general -n x", "tail #x", "history general --before ''",
        "send general hola --timeout 0", "channels --timeout 1s", "delete general x", "rules general mute bob --until x",
        "send general hola --reply-to x", "rules general x y"})
    void saysInSpanishWhatAnOptionCanNotBeAndWhatItIs(String arguments) {
        environment.put("CHARLA_LANG", "es");

        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).matches("charla: \\S+ no puede ser «\\S*»: .+\nPrueba '.+'\\.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--wiat", "-Hello", "--nmae=Alice in Wonderland", "-x"})
    void asksForTheDashesInFrontOfATextThatMayBeAMistypedOption(String text) {
        for (String[] command : List.of(new String[] {"send", "general", "hola", text},
                new String[] {"edit", "general", "5", "hola", text})) {
            err.reset();
            assertThat(run(command)).isEqualTo(2);
            assertThat(err.toString(UTF_8)).startsWith("charla: there is no option " + text + "; ").contains(" --\n")
                    .hasLineCount(2);
        }
    }

    /** Nor what is more than a whole number here can be. */
    @ParameterizedTest
    @ValueSource(strings = {"history general -n 99999999999", "tail general -n 2147483648", "channels --timeout 99999999999",
        "identity revoke x --timeout 2147483648",
        "history general --before 9223372036854775808"})
    void saysHowLargeANumberCanBe(String arguments) {
        for (String language : List.of("en", "es")) {
            environment.put("CHARLA_LANG", language);
            err.reset();
            assertThat(run(arguments.split(" "))).isEqualTo(2);
            assertThat(err.toString(UTF_8)).containsPattern("(?m): .*(2147483647|9223372036854775807)$").hasLineCount(2);
        }
    }

    @Test
    void takesAUserWhoIsCalledLikeACommand() {
        assertThat(settings("--user", "users", "other").user()).isEqualTo("users");
        assertThat(settings("other", "--user", "other").user()).isEqualTo("other");
    }

    @Test
    void namesAUserIdThatCanBeNoneOnceAndSendsNothing() {
        environment.put("CHARLA_USER", " ");

        assertThat(run("send", "general", "hola", "--bootstrap-servers", "localhost:1")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("charla: INVALID_USER_ID: ").hasLineCount(1);
    }

    @Test
    void keepsAnErrorOnOneLineWhateverItQuotes() {
        assertThat(run("evil\n\033[2J")).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines()).hasSize(2);
        assertThat(err.toString(UTF_8)).doesNotContain("\033");
    }

    @Test
    void takesTheSettingsOfAllCommandsInFrontAndBehind() {
        Settings settings = settings("--bootstrap-servers", "front:1", "other", "--mongodb-uri", "mongodb://behind");

        assertThat(settings.bootstrapServers()).isEqualTo("front:1");
        assertThat(settings.mongodbUri()).isEqualTo("mongodb://behind");
    }

    @Test
    void letsTheLastOfTwoEqualOptionsCount() {
        assertThat(settings("--user", "alice", "other", "--user", "bob").user()).isEqualTo("bob");
    }

    @Test
    void prefersOptionsToTheEnvironmentToTheFileToDefaults() throws IOException {
        Path file = write("user=filed\nmongodb.uri=mongodb://filed\nconnect.url=http://filed\n");
        environment.put("CHARLA_CONFIG", file.toString());
        environment.put("CHARLA_USER", "set");
        environment.put("CHARLA_MONGODB_URI", "mongodb://set");

        Settings settings = settings("--user", "given", "other");

        assertThat(settings).usingRecursiveComparison().isEqualTo(new Settings(
                "localhost:9092", "mongodb://set", "", "http://filed", "given", "charla", Map.of(), Map.of(), true));
    }

    @Test
    void isWhoeverTheSystemSaysByDefault() {
        assertThat(settings("other").user()).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void passesSettingsOfKafkaConnectOn() throws IOException {
        Settings settings = settings("other", "--config",
                write("connect.url=http://filed\nconnect.username=ada\nconnect.password=secret\n").toString());

        assertThat(settings.connect()).isEqualTo(Map.of("username", "ada", "password", "secret"));
        assertThat(settings).asString().doesNotContain("secret");
    }

    @Test
    void passesKafkaSettingsOnAndTellsNobody() throws IOException {
        Settings settings = settings("other", "--config",
                write("kafka.security.protocol=SASL_SSL\nkafka.sasl.jaas.config=secret\n").toString());

        assertThat(settings.kafka())
                .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "secret"));
        assertThat(settings).asString().doesNotContain("secret");
    }

    @Test
    void namesAKeyOfTheConfigurationFileThatNobodyKnows() throws IOException {
        assertThat(run("users", "--config", write("bootstrap.server=x").toString())).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("charla: ").contains("bootstrap.server,").hasLineCount(1);
    }

    @Test
    void readsAConfigurationFileBehindItsByteOrderMark() throws IOException {
        assertThat(settings("other", "--config", write("\uFEFFuser=filed\n").toString()).user()).isEqualTo("filed");
    }

    @Test
    void namesAConfigurationFileThatIsMissing() {
        environment.put("CHARLA_CONFIG", folder.resolve("missing").toString());

        assertThat(run("users")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains(folder.resolve("missing").toString()).hasLineCount(1);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Timeout(60)
    void saysThatThereIsNoMongoDbAndKeepsThePassword() {
        assertThat(run("history", "general", "--mongodb-uri", "mongodb://ada:secret@localhost:1/chat")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("localhost:1").doesNotContain("secret").hasLineCount(1);
    }

    @Test
    void keepsThePasswordOfAUriThatIsNone() {
        assertThat(run("users", "--mongodb-uri", "mongodb://ada:sec@ret@localhost/chat")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("--mongodb-uri").doesNotContain("sec", "ret").hasLineCount(1);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @Timeout(60)
    @ValueSource(strings = {"send general hola", "tail general -n 0", "import FILE"})
    void saysThatThereIsNoKafka(String command) throws IOException {
        Path file = write("");

        assertThat(run((command.replace("FILE", file.toString()) + " --bootstrap-servers localhost:1").split(" ")))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("Kafka at localhost:1 does not answer").hasLineCount(1);
    }

    @Test
    void refusesAConfigurationFileWithoutAnEnd() {
        assertThat(run("users", "--config", "/dev/zero")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("/dev/zero has more than 1048576 bytes").hasLineCount(1);
    }

    @Test
    void saysWhyAKafkaClientCannotBeMade() throws IOException {
        assertThat(run("send", "general", "hola", "--config", write("kafka.interceptor.classes=Nope").toString()))
                .isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("Failed to construct kafka producer: ", "Nope").hasLineCount(1);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text);
    }

    private Settings settings(String... arguments) {
        Other other = new Other();
        CommandLine line = line();
        line.addSubcommand(other);
        assertThat(line.execute(arguments)).isZero();
        return other.settings;
    }

    private int run(String... arguments) {
        return line().execute(arguments);
    }

    private CommandLine line() {
        return Charla.commandLine(environment,
                new Console(new ByteArrayInputStream(new byte[0]), out, err, false, false, false));
    }
}
