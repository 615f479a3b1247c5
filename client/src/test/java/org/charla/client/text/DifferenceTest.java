package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest
    @CsvSource({
        "helo world, hello world, helo, hello",
        "a b c, a x c, b, x",
        "one, two, one, two",
        "hello, hello there, '', ' there'",
        "say hello, hello, 'say ', ''",
        "same, same, '', ''",
        "banana, bananana, banana, bananana",
        "cafe\u0301 sol, cafe sol, cafe\u0301, cafe"})
    void isTheWordsThatAreNotTheSame(String before, String after, String old, String now) {
        Difference difference = Difference.between(before, after);

        assertThat(List.of(difference.before(), difference.after())).containsExactly(old, now);
    }

    @Test
    void makesTheOneTextOfTheOther() {
        qt().forAll(AnyText.words(), AnyText.any(), AnyText.any(), AnyText.words()).checkAssert((head, old, now, tail) -> {
            String before = head + old + tail;
            String after = head + now + tail;
            Difference difference = Difference.between(before, after);
            List<String> graphemes = Graphemes.of(after);
            String begin = String.join("", graphemes.subList(0, difference.begin()));
            String end = String.join("", graphemes.subList(difference.end(), graphemes.size()));
            assertThat(begin + difference.after() + end).isEqualTo(after);
            assertThat(begin + difference.before() + end).isEqualTo(before);
        });
    }
}
