package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubstitutionTest {

    @ParameterizedTest
    @CsvSource({
        "s/helo/hello/, helo helo, hello helo",
        "s/helo/hello/g, helo helo, hello hello",
        "s/ world//, hello world, hello",
        "s/a\\/b/c\\/d/, x a/b, x c/d",
        "s/.*/x/, a.*b, axb",
        "s/a|b/$1\\n/, a|b, $1\\n",
        "s/aa/a/g, aaaaa, aaa",
        "s/\u00E9/e/g, e\u0301 \u00E9, e e",
        "s/日本/中国/, 日本語, 中国語"})
    void putsOneTextInAnothersPlace(String line, String text, String changed) {
        assertThat(Substitution.parse(line).orElseThrow().in(text)).contains(changed);
    }

    @Test
    void tearsNoLetterFromItsAccentAndNoEmojiApart() {
        assertThat(Substitution.parse("s/e/a/").orElseThrow().in("e\u0301")).isEmpty();
        assertThat(Substitution.parse("s/\uD83D\uDC69/x/").orElseThrow()
                .in("\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67")).isEmpty();
        assertThat(Substitution.parse("s/absent/x/").orElseThrow().in("text")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s/he/they came", "s/he/they", "s/", "s//x/", "s/a/b/x", "s/a/b/gg", "s/a/b/c/", "S/a/b/", " s/a/b/",
        "sed s/a/b/", "", "s", "s/a/b\\/"})
    void takesOtherLinesForTexts(String line) {
        assertThat(Substitution.parse(line)).isEmpty();
    }

    @Test
    void copesWithLongLines() {
        String line = "s/" + "\\/a".repeat(100_000) + "/b/";

        assertThat(Substitution.parse(line).orElseThrow().in("/a".repeat(100_000))).contains("b");
    }
}
