package org.charla.protocol;

import java.util.function.IntPredicate;

/** Questions about text that the contract's rules ask. */
final class Unicode {

    private Unicode() {
    }

    /** No surrogate stands alone: the text can be written as UTF-8 and read back. */
    static boolean isWellFormed(String text) {
        return noneMatch(text, Unicode::isSurrogate);
    }

    /** Nothing but white space; the empty text too. */
    static boolean isBlank(String text) {
        return text.codePoints().allMatch(Unicode::isWhiteSpace);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static boolean noneMatch(String text, IntPredicate codePoint) {
        return text.codePoints().noneMatch(codePoint);
    }

    /** Java's notion and Unicode's together: the one leaves out no-break spaces, the other tabs and line feeds. */
    static boolean isWhiteSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    /** {@link String#codePoints()} hands out only those surrogates that are not part of a pair. */
    static boolean isSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    static boolean isControlOrFormat(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.FORMAT;
    }
}
