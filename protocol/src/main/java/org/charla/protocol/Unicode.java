package org.charla.protocol;

import java.util.function.IntPredicate;

/** Questions about text that the contract's rules ask. Thread-safe. */
public final class Unicode {

    private Unicode() {
    }

    /** No surrogate stands alone: the text can be written as UTF-8 and read back. */
    public static boolean isWellFormed(String text) {
        return noneMatch(text, Unicode::isSurrogate);
    }

    /** Nothing but white space; the empty text too. */
    static boolean isBlank(String text) {
        return noneMatch(text, c -> !isWhiteSpace(c));
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static boolean noneMatch(String text, IntPredicate codePoint) {
        for (int i = 0; i < text.length(); ) {
            int next = text.codePointAt(i);
            if (codePoint.test(next)) {
                return false;
            }
            i += Character.charCount(next);
        }
        return true;
    }

    /**
     * Unicode's White_Space and what Java counts besides: {@link Character#isWhitespace} leaves out no-break spaces,
     * {@link Character#isSpaceChar} tabs and line feeds, both U+0085, the next line.
     */
    static boolean isWhiteSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }

    /** Read by the code point, only those surrogates come out as such that are not part of a pair. */
    static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    static boolean isControlOrFormat(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.FORMAT;
    }
}
