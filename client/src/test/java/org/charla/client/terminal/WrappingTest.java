package org.charla.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.util.List;
import org.charla.client.text.AnyText;
import org.charla.client.text.HarmlessText;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class WrappingTest {

    private static final Gen<Integer> WIDTHS = integers().between(8, 40);

    @Test
    void breaksBetweenWords() {
        assertThat(wrap("one two three four", 8, 10)).containsExactly("one two", "three four");
    }

    @Test
    void breaksAWordThatIsWiderThanALine() {
        assertThat(wrap("abcdefghijklmnopqrst", 8, 10)).containsExactly("abcdefgh", "ijklmnopqr", "st");
    }

    @Test
    void countsWideCharactersAsTwoColumnsAndCombiningOnesAsNone() {
        assertThat(wrap("日本語日本語", 8, 8)).containsExactly("日本語日", "本語");
        assertThat(wrap("e\u0301".repeat(9), 8, 8)).containsExactly("e\u0301".repeat(8), "e\u0301");
    }

    @Test
    void hasALineForAnEmptyText() {
        assertThat(wrap("", 10, 10)).containsExactly("");
    }

    @Test
    void breaksNoGrapheme() {
        String family = "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
        assertThat(wrap(family.repeat(20), 8, 8)).allMatch(line -> line.length() % family.length() == 0);
        assertThat(wrap("क्षि".repeat(20), 8, 8)).allMatch(line -> line.length() % "क्षि".length() == 0);
    }

    @Test
    void keepsAnAddressInOnePiece() {
        assertThat(wrap("see https://example.org/a, yes", 12, 22))
                .containsExactly("see", "https://example.org/a,", "yes");
        assertThat(wrap("https://example.org/a yes", 12, 22)).containsExactly("", "https://example.org/a", "yes");
    }

    @Test
    void givesAnAddressThatIsWiderThanALineOneOfItsOwn() {
        String address = "https://example.org/" + "x".repeat(40);
        assertThat(wrap("one (" + address + ") two", 30, 30)).containsExactly("one (", address, ") two");
        assertThat(wrap(address, 30, 30)).containsExactly("", address);
    }

    private static List<String> wrap(String text, int first, int others) {
        return Wrapping.wrap(text, first, others, part -> new AttributedString(part).columnLength());
    }

    @Test
    void losesNothingButTheBlanksWhereItBreaks() {
        qt().forAll(AnyText.words(), WIDTHS, WIDTHS).checkAssert((text, first, others) -> {
            List<String> lines = wrap(text, first, others);

            assertThat(String.join("", lines).replace(" ", "")).isEqualTo(text.replace(" ", ""));
            assertThat(lines.get(0).length()).isLessThanOrEqualTo(first);
            assertThat(lines.subList(1, lines.size())).allMatch(line -> line.length() <= others);
        });
    }

    @Test
    void makesNoLineWiderThanItMayBe() {
        qt().forAll(AnyText.any(), WIDTHS).checkAssert((text, columns) ->
                assertThat(wrap(HarmlessText.of(text), columns, columns))
                        .allMatch(part -> new AttributedString(part).columnLength() <= columns));
    }
}
