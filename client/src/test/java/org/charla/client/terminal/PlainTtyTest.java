package org.charla.client.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class PlainTtyTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void takesLinesOfAPersonThatComeAtOnceForOneThatIsPasted() throws Exception {
        Tty tty = tty(true, "one\n/quit\n\n\ttwo\n");
        assertThat(tty.read(null, false)).isEqualTo("one\n/quit\n\n\ttwo");
        assertThat(tty.read(null, false)).isNull();
        assertThat(tty(true, "one").read(null, false)).isEqualTo("one");
    }

    @Test
    void readsAnswersOfAPersonThatComeAtOnceOneByOne() throws Exception {
        Tty tty = tty(true, "Ana\ngeneral\nhola\n/quit\n");
        assertThat(List.of(tty.read(null, true), tty.read(null, true), tty.read(null, false)))
                .containsExactly("Ana", "general", "hola\n/quit");
    }

    @Test
    void runsACommandThatCameAtOnceBehindAnAnswerOnlyWhenToldTo() throws Exception {
        for (String then : List.of("/quit", "hola")) {
            Tty tty = tty(true, "general\n/quit\n", then.equals("/quit") ? "\n" : then + "\n");
            assertThat(tty.read(null, true)).isEqualTo("general");
            tty.show(List.of(), List.of(new AttributedString("#general>")));
            assertThat(tty.read(null, false)).isEqualTo(then);
            assertThat(shown.toString(UTF_8)).endsWith("#general>\n#general> /quit\n");
        }
        Tty typed = tty(true, "general\n", "/quit\n");
        assertThat(List.of(typed.read(null, true), typed.read(null, false))).containsExactly("general", "/quit");
    }

    @Test
    void readsAPipeLineByLine() throws Exception {
        Tty tty = tty(false, "one\n/quit\n");
        assertThat(List.of(tty.read(null, false), tty.read(null, false))).containsExactly("one", "/quit");
        tty.show(List.of(), List.of(new AttributedString("#general>")));
        assertThat(shown.toString(UTF_8)).isEmpty();
    }

    @Test
    void asksAPersonOnStandardErrorWhereAProgramReadsTheOutput() throws Exception {
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        Tty tty = new PlainTty(new Console(new ByteArrayInputStream("one\n/quit\n".getBytes(UTF_8)), shown, asked,
                true, false, true));
        tty.show(List.of(new AttributedString("hola")), List.of(new AttributedString("#general>")));
        assertThat(tty.read(null, false)).isEqualTo("one\n/quit");
        assertThat(shown.toString(UTF_8)).isEqualTo("hola\n");
        assertThat(asked.toString(UTF_8)).contains("#general>");
    }

    /** @param input what comes at once, and then what comes later */
    private Tty tty(boolean person, String... input) {
        InputStream in = new SequenceInputStream(Collections.enumeration(Arrays.stream(input)
                .map(part -> new ByteArrayInputStream(part.getBytes(UTF_8))).toList()));
        return new PlainTty(new Console(in, shown, shown, person, person, person));
    }
}
