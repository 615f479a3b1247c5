package org.charla.protocol;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.StringArbitrary;

/** Arbitrary texts and events, by regular expressions that know nothing of the code under test. */
final class TextArbitraries {

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{IsWhite_Space}\\p{Z}]");
    private static final Pattern CONTROL_OR_FORMAT = Pattern.compile("[\\p{Cc}\\p{Cf}]");
    private static final Pattern VISIBLE = Pattern.compile("[^\\p{IsWhite_Space}\\p{Cc}]");

    private TextArbitraries() {
    }

    /** Any well-formed Unicode of up to this many code points. */
    static Arbitrary<String> unicode(int maxLength) {
        return codePoints().withoutEdgeCases().list().ofMaxSize(maxLength).map(codePoints ->
                codePoints.stream().collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    private static Arbitrary<Integer> codePoints() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0x20, 0x7E),
                Arbitraries.integers().between(0, 0xD7FF),
                Arbitraries.integers().between(0xE000, 0xFFFF),
                Arbitraries.integers().between(0x10000, 0x10FFFF));
    }

    static Arbitrary<String> messageIds() {
        return word().withChars('_', '-').withCharRange('A', 'Z').ofMinLength(1).ofMaxLength(64);
    }

    static Arbitrary<String> userIds() {
        return unicode(64).map(text -> INVISIBLE.matcher(text).replaceAll("")).filter(text -> !text.isEmpty());
    }

    static Arbitrary<String> channels() {
        return Combinators.combine(word().ofLength(1), word().withChars('-').ofMaxLength(63))
                .as((first, rest) -> first + rest);
    }

    static Arbitrary<String> texts() {
        return unicode(EventRules.MAX_TEXT_LENGTH).map(text -> text.replace("\u0000", ""))
                .filter(text -> VISIBLE.matcher(text).find());
    }

    static Arbitrary<String> displayNames() {
        return unicode(64).map(text -> CONTROL_OR_FORMAT.matcher(text).replaceAll(""))
                .filter(text -> VISIBLE.matcher(text).find());
    }

    private static StringArbitrary word() {
        return Arbitraries.strings().withCharRange('a', 'z').withCharRange('0', '9');
    }
}
