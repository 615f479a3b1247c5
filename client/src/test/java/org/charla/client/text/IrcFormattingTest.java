package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IrcFormattingTest {

    @ParameterizedTest
    @CsvSource({
        "'\u0002bold\u0002 \u001Ditalic\u001D \u001Funder\u001F \u001Estruck\u001E', bold italic under struck",
        "'\u0011mono\u0011 \u0016reverse\u0016 \u000Fplain', mono reverse plain",
        "'\u00034red\u0003', red",
        "'\u000304,12both', both",
        "'\u0003041 and a digit', 1 and a digit",
        "'\u00034,red', ',red'",
        "'\u0003,4', ',4'",
        "'\u0004FF0000red', red",
        "'\u0004ff0000,00FF00both', both",
        "'\u0004FF00red', FF00red",
        "'\u00034,', ','",
        "'no code, 42', 'no code, 42'"})
    void dropsCodesAndTheirDigits(String text, String plain) {
        assertThat(IrcFormatting.strip(text)).isEqualTo(plain);
    }

    @Test
    void leavesNoCodeAndTouchesNoTextWithoutOne() {
        String codes = "[\u0002-\u0004\u000F\u0011\u0016\u001D-\u001F]";

        qt().forAll(AnyText.any()).checkAssert(text -> {
            assertThat(IrcFormatting.strip(text)).doesNotContainPattern(codes);
            assertThat(IrcFormatting.strip(text.replaceAll(codes, ""))).isEqualTo(text.replaceAll(codes, ""));
        });
    }
}
