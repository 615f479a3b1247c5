package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HelpTest {

    @ParameterizedTest
    @CsvSource({"standalone, en, Examples:, --data-dir", "standalone, es, Ejemplos:, --data-dir",
        "audit, en, Examples:, --repair", "audit, es, Ejemplos:, --repair"})
    void describesWhatIsNotTheClientsAndItsOptions(String command, String language, String examples, String option) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out));

        assertThat(line.execute(command, "--help", "--lang", language)).isZero();
        assertThat(out).asString().contains(examples, option);
        assertThat(line.getSubcommands().get(command).getCommandSpec().args()).allSatisfy(argument ->
                assertThat(argument.description()).as(argument.toString()).isNotEmpty());
    }
}
