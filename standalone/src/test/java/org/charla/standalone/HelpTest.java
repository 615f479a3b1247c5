package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HelpTest {

    @ParameterizedTest
    @CsvSource({"en, Examples:", "es, Ejemplos:"})
    void describesTheStandaloneAndItsOptions(String language, String examples) {
        StringWriter out = new StringWriter();
        CommandLine line = RemoteMain.commandLine().addSubcommand(StandaloneCommand.class).setOut(new PrintWriter(out));

        assertThat(line.execute("standalone", "--help", "--lang", language)).isZero();
        assertThat(out).asString().contains(examples, "--data-dir");
        assertThat(line.getSubcommands().get("standalone").getCommandSpec().args()).allSatisfy(argument ->
                assertThat(argument.description()).as(argument.toString()).isNotEmpty());
    }
}
