package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppearanceTest {

    @ParameterizedTest
    @CsvSource({"Alice, alice", "Alice, ALICE", "Alice, AIice", "Alice, A1ice", "Alice, \u0410lice", "Alice, \uFF21lice",
        "Alice, \uD835\uDD38lice", "Alice, Al\u0131ce", "Bob, B0B", "Bob, \u0412ob", "BOB, \u0412\u041E\u0412", "Bo, \u0392o",
        "Carmen, Carrnen", "Jos\u00E9, Jose\u0301", "Ana Mar\u00EDa, ana\u00A0\u3000mar\u00EDa", "Ana, 'Ana '",
        "Ana, Ana\u3164", "Ana, A\uFE0Fna", "Ana, Ana\u2800", "stra\u00DFe, STRASSE"})
    void isTheSameForNamesThatLookAlike(String one, String other) {
        assertThat(Collections.disjoint(Appearance.of(one), Appearance.of(other))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Alice, Alicia", "Ana, Eva", "Bob, Rob", "Jos\u00E9, Jose", "\u05D0\u05D1, \u05D1\u05D0", "\u65E5\u672C, \u672C\u65E5"})
    void isAnotherForOtherNames(String one, String other) {
        assertThat(Collections.disjoint(Appearance.of(one), Appearance.of(other))).isTrue();
    }

    @Test
    void thereIsOneOfAnyText() {
        qt().forAll(AnyText.any()).checkAssert(text -> assertThat(Appearance.of(text)).isNotEmpty());
    }
}
