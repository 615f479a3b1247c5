package org.charla.client.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;
import org.jline.utils.ScreenTerminal;
import org.jline.utils.ScreenTerminal.VirtualTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from a terminal into which somebody types and pastes. */
class EditedTtyTest {

    private static final String UP = "\033OA";
    private static final String LEFT = "\033OD";

    private VirtualTerminal virtual;
    private EditedTty tty;

    @BeforeEach
    void open() throws Exception {
        virtual = ScreenTerminal.withTerminal("test", "xterm-256color", 60, 12);
        tty = new EditedTty(virtual.terminal(), ScreenTest.NO_KEYS,
                new Completions(List.of("/help"), List.of(), List.of("Zoë", "\uD83D\uDE00bob", "Zora"))::of);
        tty.show(List.of(), List.of(new AttributedString("> ")));
        tty.attend();
    }

    @AfterEach
    void close() {
        tty.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\thola\t", " x ", "a\u00ADb", "שלום\u200F", "می\u200Cخواهم",
        "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62"
            + "\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F", "\u202Eabc", "a\u001b[31mb\u0007", "\u0000\u0001\u007f", "x\\E[<",
        "!! !1", "def f():\n\treturn 1\n\n",
        "\uFFFE\uFFFF\uD800\uDC00", "e\u0301"})
    void readsWhatIsPastedAsItIs(String text) throws Exception {
        assertThat(read(null, pasted(text), "\r")).isEqualTo(text);
    }

    @Test
    void readsOneLineEndWhateverItIsMadeOf() throws Exception {
        assertThat(read(null, pasted("a\r\nb\rc\nd\r\n\r\ne"), "\r")).isEqualTo("a\nb\nc\nd\n\ne");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\\E[<y", "\\E", "\\E[M", "\\e\\033 \\\\ \\", "~!@#$%^&*()_+`-={}|[]\\:\";'<>?,./", "!! !1 ^a^b",
        "(a) [b] {c}", "ñ日本語\uD83D\uDE00"})
    void readsWhatIsTypedAtOnceAsItIs(String text) throws Exception {
        assertThat(read(null, text, "\r")).isEqualTo(text);
    }

    @Test
    void takesLinesThatComeAtOnceForOneThatIsPasted() throws Exception {
        type("one\r/quit\r\ttwo\r");
        assertThat(tty.read(null, false)).isEqualTo("one\n/quit\n\ttwo");
        type("\r/quit\r");
        assertThat(tty.read(null, false)).isEqualTo("\n/quit");
        type("\tone\r\ntwo\r\n");
        assertThat(tty.read(null, false)).isEqualTo("\tone\ntwo");
    }

    @Test
    void takesLinesThatCameBeforeItCouldReadForOneThatIsPasted() throws Exception {
        type("one\r/quit\rtwo\r");
        assertThat(tty.read(null, false)).isEqualTo("one\n/quit\ntwo");
        type("one\r");
        assertThat(tty.read(null, false)).isEqualTo("one");
    }

    @Test
    void readsAnswersThatComeAtOnceOneByOne() throws Exception {
        type("Ana\rgeneral\rhola\r");
        assertThat(List.of(tty.read(null, true), tty.read(null, true), tty.read(null, false)))
                .containsExactly("Ana", "general", "hola");
        type("Ana\rone\r/quit\r");
        assertThat(List.of(tty.read(null, true), tty.read(null, false))).containsExactly("Ana", "one\n/quit");
    }

    @Test
    void runsACommandThatCameAtOnceBehindAnAnswerOnlyWhenToldTo() throws Exception {
        type("Ana\r/quit\r");
        assertThat(tty.read(null, true)).isEqualTo("Ana");
        CompletableFuture<String> line = reading(null);
        await().untilAsserted(() -> assertThat(rows()).contains("> /quit"));
        assertThat(line).isNotDone();
        type("\r");
        assertThat(line.get(10, TimeUnit.SECONDS)).isEqualTo("/quit");
    }

    @Test
    void givesBackADraftAndWhatWasTypedBeforeAsTheyWere() throws Exception {
        String text = "  a\u202E\tb\u00AD ";
        assertThat(read(text, "\r")).isEqualTo(text);
        assertThat(read(null, UP, "\r")).isEqualTo(text);
        assertThat(read(null, "\u0012a", "\r")).isEqualTo(text);
    }

    @Test
    void completesAndGoesThroughTheOffers() throws Exception {
        assertThat(read(null, "@zo", "\t", "\r")).isEqualTo("@Zoë ");
        assertThat(read(null, "\uD83D\uDE00 zo", "\t", "\t", "\r")).isEqualTo("\uD83D\uDE00 Zora ");
        assertThat(read(null, "zo", "\t", "\t", "\t", "\r")).isEqualTo("Zoë: ");
        assertThat(read(null, "hi \uD83D\uDE00", "\t", "\t", "\r")).isEqualTo("hi \uD83D\uDE00bob ");
        assertThat(read(null, "zo", LEFT, LEFT, "\t", "\r")).isEqualTo("zo");
    }

    @Test
    void givesALineUpOnce() {
        assertThatThrownBy(() -> read(null, "abc", "\u0003")).isInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(InterruptedException.class).hasMessage("abc");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void showsHarmlesslyWhatIsEdited() throws Exception {
        CompletableFuture<String> line = reading(null);
        type(pasted("a\u202Eb\tc\u001b[31m"));
        await().untilAsserted(() -> assertThat(rows()).contains("> a<U+202E>b    c␛[31m"));
        assertThat(cursor()).isEqualTo("> a<U+202E>b    c␛[31m".length());
        type(LEFT.repeat(9));
        await().untilAsserted(() -> assertThat(cursor()).isEqualTo("> a".length()));
        type("x\r");
        assertThat(line.get(10, TimeUnit.SECONDS)).isEqualTo("ax\u202Eb\tc\u001b[31m");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void readsOnInTinyWindows(int size) throws Exception {
        virtual.terminal().setSize(Size.of(size, size));
        assertThat(read(null, "hola, ¿qué tal? 日本語 \uD83D\uDC4D\uD83C\uDFFF", LEFT, "x", "\r"))
                .startsWith("hola, ¿qué tal? 日本語 \uD83D\uDC4D").contains("x");
    }

    @Test
    void drawsForTheSizeThatTheWindowHasBeforeAnySignalTellsOfIt() throws Exception {
        CompletableFuture<String> line = reading(null);
        type(pasted("x".repeat(50)));
        await().untilAsserted(() -> assertThat(rows()).contains("> " + "x".repeat(50)));
        virtual.terminal().setSize(Size.of(30, 12));
        tty.show(List.of(new AttributedString("somebody's")), List.of(new AttributedString("> ")));
        assertThat(rows()).contains("> " + "x".repeat(27), "x".repeat(23));
        type("\r");
        assertThat(line.get(10, TimeUnit.SECONDS)).isEqualTo("x".repeat(50));
    }

    /** JLine binds them to lists of completions, which it makes of the line as it is parsed. */
    @ParameterizedTest
    @ValueSource(strings = {"\004", "\033?", "\033=", "\033*", "\030*"})
    void goesOnReadingAfterKeysThatListWhatALineMayBecome(String key) throws Exception {
        assertThat(read("some text", key, "\r")).startsWith("some text");
    }

    private static String pasted(String text) {
        return "\033[200~" + text + "\033[201~";
    }

    /** Reads a line while one thing after the other is typed, each as soon as the one before was read. */
    private String read(String draft, String... keys) throws Exception {
        CompletableFuture<String> line = reading(draft);
        for (String key : keys) {
            type(key);
            await().pollInterval(Duration.ofMillis(5)).until(() -> virtual.terminal().reader().available() == 0);
            // As a person does: what comes at once is taken for pasted.
            TimeUnit.MILLISECONDS.sleep(30);
        }
        return line.get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> reading(String draft) {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                line.complete(tty.read(draft, false));
            } catch (Exception e) {
                line.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().pollInterval(Duration.ofMillis(5)).until(() -> rows().stream().anyMatch(row -> row.startsWith(">") || row.startsWith("…")));
        return line;
    }

    private void type(String text) throws Exception {
        virtual.terminal().processInputBytes(text.getBytes(UTF_8));
    }

    private List<String> rows() {
        return Arrays.stream(virtual.screen().toString().split("\n")).map(String::stripTrailing).toList();
    }

    private int cursor() {
        int[] position = new int[2];
        virtual.screen().dump(new long[60 * 12], position);
        return position[0];
    }
}
