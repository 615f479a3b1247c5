package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.charla.client.terminal.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    static Stream<String> commands() {
        return paths(new HelpTest().line(), "");
    }

    private static Stream<String> paths(CommandLine line, String path) {
        return Stream.concat(Stream.of(path.strip()), line.getSubcommands().entrySet().stream()
                .flatMap(command -> paths(command.getValue(), path + ' ' + command.getKey())));
    }

    @Test
    void isThereInBothLanguages() throws IOException {
        assertThat(keys("help_es.properties")).isEqualTo(keys("help.properties"));
        assertThat(help("--lang es")).contains("Uso: charla", "Órdenes:").doesNotContain("Usage:", "Commands:");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void describesEachCommandItsOptionsAndParametersByExamples(String command) {
        for (String language : List.of("en", "es")) {
            CommandLine line = line();
            line.execute((command + " --help --lang " + language).strip().split(" "));
            CommandLine described = line;
            for (String name : command.isEmpty() ? new String[0] : command.split(" ")) {
                described = described.getSubcommands().get(name);
            }

            CommandLine.Model.CommandSpec spec = described.getCommandSpec();
            assertThat(spec.args()).allSatisfy(argument ->
                    assertThat(argument.description()).as("%s of %s", argument, command).isNotEmpty());
            assertThat(spec.usageMessage().header()).hasSize(1);
            assertThat(spec.usageMessage().footer()).contains(
                    language.equals("es") ? "Ejemplos:" : "Examples:").anyMatch(text -> text.startsWith("  charla "));
        }
    }

    /** A line of both is an address, a name, or an example that explains itself. */
    @ParameterizedTest
    @MethodSource("commands")
    void leavesNoSentenceInEnglishInItsSpanish(String command) {
        assertThat(help(command + " --lang es").lines()
                .filter(help(command + " --lang en").lines().toList()::contains)
                .filter(text -> !text.startsWith("  charla ") && !text.startsWith("  zcat ")
                        && !text.startsWith("  openssl "))
                .map(String::strip)
                .filter(text -> text.matches("(?s).*(\\p{L}+[ ,.;]+){3}.*")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--lang es", "--lang es nonsense", "--lang es send", "users extra --lang es",
        "users --nonsense --lang es"})
    void speaksOfWrongUsageInTheSameLanguage(String arguments) {
        assertThat(line().execute(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).matches("charla: .*(falta|sobra|no hay).*\nPrueba 'charla.* --help'\\.\n");
    }

    @Test
    void saysWhichLanguagesThereAre() {
        assertThat(line().execute("users", "--lang", "fr")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("charla: --lang is es or en\n");
    }

    /** Of the file alone: a bundle has those of English as well. */
    private static Set<Object> keys(String file) throws IOException {
        Properties texts = new Properties();
        try (InputStream in = Charla.class.getResourceAsStream(file)) {
            texts.load(in);
        }
        return texts.keySet();
    }

    private String help(String arguments) {
        out.reset();
        assertThat(line().execute((arguments.strip() + " --help").split(" "))).isZero();
        return out.toString(UTF_8);
    }

    private CommandLine line() {
        return Charla.commandLine(Map.of("CHARLA_LANG", "en"),
                new Console(new ByteArrayInputStream(new byte[0]), out, err, false, false, false));
    }
}
