package org.charla.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.charla.client.text.HarmlessText;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class WrappingTest {

    @Test
    void breaksBetweenWords() {
        assertThat(Wrapping.wrap("one two three four", 8, 10)).containsExactly("one two", "three four");
    }

    @Test
    void breaksAWordThatIsWiderThanALine() {
        assertThat(Wrapping.wrap("abcdefghijklmnopqrst", 8, 10)).containsExactly("abcdefgh", "ijklmnopqr", "st");
    }

    @Test
    void countsWideCharactersAsTwoColumnsAndCombiningOnesAsNone() {
        assertThat(Wrapping.wrap("日本語日本語", 8, 8)).containsExactly("日本語日", "本語");
        assertThat(Wrapping.wrap("e\u0301".repeat(9), 8, 8)).containsExactly("e\u0301".repeat(8), "e\u0301");
    }

    @Test
    void hasALineForAnEmptyText() {
        assertThat(Wrapping.wrap("", 10, 10)).containsExactly("");
    }

    @Property
    void losesNothingButTheBlanksWhereItBreaks(
            @ForAll @CharRange(from = ' ', to = '~') String text,
            @ForAll @IntRange(min = 8, max = 40) int first, @ForAll @IntRange(min = 8, max = 40) int others) {
        List<String> lines = Wrapping.wrap(text, first, others);

        assertThat(String.join("", lines).replace(" ", "")).isEqualTo(text.replace(" ", ""));
        assertThat(lines.get(0).length()).isLessThanOrEqualTo(first);
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.length() <= others);
    }

    @Property
    void makesNoLineWiderThanItMayBe(@ForAll String text, @ForAll @IntRange(min = 8, max = 40) int columns) {
        String line = HarmlessText.of(text);

        assertThat(Wrapping.wrap(line, columns, columns))
                .allMatch(part -> new AttributedString(part).columnLength() <= columns);
    }
}
