package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import com.ibm.icu.text.UnicodeSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HarmlessTextTest {

    @Test
    void leavesNothingThatActsOnATerminal() {
        qt().forAll(AnyText.any()).checkAssert(text -> assertThat(HarmlessText.of(text).codePoints())
                .noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getType(c) == Character.LINE_SEPARATOR)
                .noneMatch(c -> Character.getType(c) == Character.PARAGRAPH_SEPARATOR)
                .noneMatch(c -> Character.getType(c) == Character.SURROGATE)
                .noneMatch(c -> c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069));
    }

    @Test
    void changesNothingThatItHasMadeHarmlessBefore() {
        qt().forAll(AnyText.any()).checkAssert(text -> {
            String shown = HarmlessText.of(text);

            assertThat(HarmlessText.of(shown)).isEqualTo(shown);
        });
    }

    @Test
    void dropsNothingButMarks() {
        qt().forAll(AnyText.any()).checkAssert(text -> {
            String marked = text.replaceAll("[\\p{Mn}\\p{Me}]", "");

            assertThat(HarmlessText.of(marked).codePointCount(0, HarmlessText.of(marked).length()))
                    .isGreaterThanOrEqualTo(marked.codePointCount(0, marked.length()));
        });
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
        assertThat(HarmlessText.of("z" + (marks + "\uFE0F").repeat(2))).isEqualTo("z" + marks + "<U+FE0F><U+FE0F>");
    }

    @Test
    void leavesEveryEmojiOfUnicodeAsItIs() {
        List<String> emoji = StreamSupport.stream(new UnicodeSet("[:RGI_Emoji:]").spliterator(), false).toList();

        assertThat(emoji).hasSizeGreaterThan(3_900).allMatch(one -> HarmlessText.of(one).equals(one))
                .allMatch(one -> HarmlessText.of("a" + one + one + "b").equals("a" + one + one + "b"));
        // Some programs send them without variation selectors.
        assertThat(emoji).filteredOn(one -> !one.contains("\u20E3")).map(one -> one.replace("\uFE0F", ""))
                .allMatch(one -> HarmlessText.of(one).equals(one));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // Persian, Urdu, Arabic with points, Hebrew, a Latin word in Arabic.
        "می\u200Cخواهم کتاب\u200Cها برادر\u200Cها", "ه\u200D.", "بِسْمِ اللّٰهِ", "لِ\u200Cمَ", "שלום\u200F!", "C#\u200F היא שפה",
        "\u200FWhatsApp هو", "قال\u061C 5-3", "abc\u200E שלום", "\u0600\u0661 \u06DD",
        // Hindi, Bengali, Malayalam, Sinhala, Kannada, Marathi.
        "क्\u200Dष क्\u200Cष क्\u200C", "র\u200D্যা", "ന\u0D4D\u200D", "ක්\u200Dර ශ්\u200Dරී", "ರ\u200D್ಕ", "र्\u200Dय",
        // Thai, Khmer, Burmese, Tibetan, Mongolian, Vietnamese.
        "น้ำ\u200Bที่", "ភាសា\u200Bខ្មែរ", "ကြွှုံ့", "སྐྱེ", "\u182E\u1823\u1829\u180E\u1820\u180B", "nhiễu",
        // Variants of ideographs and signs, jamo.
        "葛\uDB40\uDD00", "≨\uFE00", "☺\uFE0E", "각"})
    void leavesWhatScriptsNeedAsItIs(String text) {
        assertThat(HarmlessText.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        // A mark of direction, a joiner, a variation selector and a space where nobody needs them.
        "al\u200Fice, al<U+200F>ice", "a\u061Cb, a<U+061C>b", "pay\u200Cpal, pay<U+200C>pal", "1\u200D2, 1<U+200D>2",
        "a\uFE0Fb, a<U+FE0F>b", "a\uDB40\uDD00b, a<U+E0100>b", "par\u00ADty, par<U+00AD>ty", "a\u200Bb, a<U+200B>b",
        "שלום\u200F\u200F, שלום\u200F<U+200F>", "ی\u200C\u200Cخ, ی<U+200C><U+200C>خ", "ی\u200Ca, ی<U+200C>a",
        "שלום\u202Eabc\u202C, שלום<U+202E>abc<U+202C>", "ب\u2067ا\u2069, ب<U+2067>ا<U+2069>",
        // Tags that make no flag that there is, and hide a text.
        "\uD83C\uDFF4\uDB40\uDC68\uDB40\uDC69, \uD83C\uDFF4<U+E0068><U+E0069>",
        "\uD83D\uDE00\uDB40\uDC68\uDB40\uDC7F, \uD83D\uDE00<U+E0068><U+E007F>",
        "\uD83D\uDE00\uFE0F\uFE01, \uD83D\uDE00\uFE0F<U+FE01>", "\uD83D\uDE00\u200D, \uD83D\uDE00<U+200D>",
        // A mark without a letter would be put on what stands in front.
        "\u0301x, \u25CC\u0301x", "\u20DDx, \u25CC\u20DDx"})
    void showsWhatHidesOutsideOfWhatItIsFor(String text, String shown) {
        assertThat(HarmlessText.of(text)).isEqualTo(shown);
    }

    @Test
    void keepsNoMoreMarksThanASyllableHas() {
        assertThat(HarmlessText.of("ก" + "็".repeat(100))).isEqualTo("ก" + "็".repeat(8));
        assertThat(HarmlessText.of("z" + "\u0301\u200D".repeat(100)).chars().filter(c -> c == 0x301)).hasSize(4);
    }

    @Test
    void showsALongChainOfEmojiAsWhatItIs() {
        assertThat(HarmlessText.of("\uD83D\uDE00" + "\u200D\uD83D\uDE00".repeat(100))).contains("<U+200D>");
    }

    @Test
    void tellsWhereTheCursorIsInWhatIsEdited() {
        String text = "a\u202Eb\t\u001b\nd";

        assertThat(HarmlessText.edited(text, 0)).isEqualTo(new HarmlessText.Edited("a<U+202E>b\t␛\nd", 0));
        assertThat(HarmlessText.edited(text, 2).cursor()).isEqualTo("a<U+202E>".length());
        assertThat(HarmlessText.edited(text, text.length()).cursor()).isEqualTo("a<U+202E>b\t␛\nd".length());
    }
}
