package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HarmlessTextTest {

    @Property
    void leavesNothingThatActsOnATerminal(@ForAll String text) {
        assertThat(HarmlessText.of(text).codePoints())
                .noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getType(c) == Character.LINE_SEPARATOR)
                .noneMatch(c -> Character.getType(c) == Character.PARAGRAPH_SEPARATOR)
                .noneMatch(c -> Character.getType(c) == Character.SURROGATE)
                .noneMatch(c -> c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069);
    }

    @Property
    void changesNothingThatItHasMadeHarmlessBefore(@ForAll String text) {
        String shown = HarmlessText.of(text);

        assertThat(HarmlessText.of(shown)).isEqualTo(shown);
    }

    @Property
    void dropsNothingButMarks(@ForAll String text) {
        String marked = text.replaceAll("[\\p{Mn}\\p{Me}]", "");

        assertThat(HarmlessText.of(marked).codePointCount(0, HarmlessText.of(marked).length()))
                .isGreaterThanOrEqualTo(marked.codePointCount(0, marked.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hola", "¿Qué tal, señor?", "日本語", "שלום", "é combining", "👍🏽", "❤️",
        "👩‍👩‍👧 family", "🏳️‍🌈", "می‌خواهم", "क्‍ष",
        "שּׁ֥", "ཧཱུྃ", "1️⃣", "Việt"})
    void leavesWhatPeopleWriteAsItIs(String text) {
        assertThat(HarmlessText.of(text)).isEqualTo(text);
    }

    @Test
    void showsAnEscapeSequenceInsteadOfObeyingIt() {
        assertThat(HarmlessText.of("\033[31mred\u009B2J\u007F")).isEqualTo("␛[31mred<U+009B>2J␡");
    }

    @Test
    void keepsATextWithLineBreaksOnOneLine() {
        assertThat(HarmlessText.of("one\r\n<bob> two\u2028three\u2029\u0085")).doesNotContainPattern("\\R")
                .isEqualTo("one␍␊<bob> two<U+2028>three<U+2029><U+0085>");
    }

    @Test
    void showsWhatTurnsTextRound() {
        assertThat(HarmlessText.of("\u202Eevil\u2066")).isEqualTo("<U+202E>evil<U+2066>");
    }

    @Test
    void showsWhatHidesInAName() {
        assertThat(HarmlessText.of("al\u200Bi\u200Dce\u3164\uFEFF\uDB40\uDC41"))
                .isEqualTo("al<U+200B>i<U+200D>ce<U+3164><U+FEFF><U+E0041>");
    }

    @Test
    void makesATabABlankAndALoneSurrogateAReplacement() {
        assertThat(HarmlessText.of("a\tb\uD800")).isEqualTo("a b\uFFFD");
    }

    @Test
    void keepsFourMarksOnACharacter() {
        String marks = "\u0301\u0302\u0303\u0304";

        assertThat(HarmlessText.of("z" + marks.repeat(50) + "a" + marks + "\u20DD")).isEqualTo("z" + marks + "a" + marks);
        assertThat(HarmlessText.of("z" + (marks + "\uFE0F").repeat(2))).isEqualTo("z" + marks + "\uFE0F<U+FE0F>");
    }
}
