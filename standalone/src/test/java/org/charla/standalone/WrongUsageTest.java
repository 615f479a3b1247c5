package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.charla.client.Charla;
import org.charla.client.terminal.Console;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What each command says to what it can't take. */
class WrongUsageTest {

    private static final String ENGLISH = "charla: (missing: \\S.*|.* can't be '.*': .+|--\\S+: it .+|--\\S+ takes no value"
            + "|there is no option .+|'.*' is one argument too many, or no command)\nTry 'charla.* --help'\\.\n";
    private static final String SPANISH = "charla: (falta: \\S.*|.* no puede ser «.*»: .+|--\\S+: (es|quita) .+"
            + "|--\\S+ no lleva ningún valor|no hay ninguna opción .+|'.*' sobra, o no es ninguna orden)\n"
            + "Prueba 'charla.* --help'\\.\n";

    @ParameterizedTest
    @ValueSource(strings = {"connectors list --timeout 0", "connectors status --stable -1", "connectors --stable NaN list",
        "connectors watch --interval 0", "connectors watch --backoff -1", "connectors watch --restarts -1",
        "connectors watch --for -1", "connectors loggers x LOUD", "completion csh", "chat --channel Users",
        "standalone --kafka-port 65536", "history general -n -1", "history general --before x", "channels --timeout 0",
        "connectors apply --prune pom.xml", "connectors list --connect-url http://ada:sec#ret@host", "users --json=maybe",
        "connectors list --connect-url=", "import - -", "import - x /dev/stdin"})
    void isSaidInTheLanguageOfThePersonAndWithWhatWouldBeRight(String arguments) {
        for (Map.Entry<String, String> language : Map.of("en", ENGLISH, "es", SPANISH).entrySet()) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            assertThat(line(language.getKey(), err).execute(arguments.split(" "))).isEqualTo(2);
            assertThat(err.toString(UTF_8)).matches(language.getValue()).doesNotContain("sec#");
        }
    }

    private static CommandLine line(String language, ByteArrayOutputStream err) {
        CommandLine charla = Charla.commandLine(Map.of("CHARLA_LANG", language), new Console(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, false, false, false));
        return Charla.parseAlike(RemoteMain.withConnectors(charla).addSubcommand(StandaloneCommand.class));
    }
}
