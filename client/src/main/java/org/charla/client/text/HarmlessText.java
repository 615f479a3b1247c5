package org.charla.client.text;

/**
 * Makes text of other people fit to be shown: it can't move the cursor, start an escape sequence, forge a further
 * line, or turn round, hide or scribble over what stands beside it. What it could do that with is shown, not dropped:
 * control characters by their Unicode pictures, the rest as {@code <U+202E>}. Only of the marks on one character some
 * are dropped, where there are more than any language needs.
 */
public final class HarmlessText {

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int REPLACEMENT = 0xFFFD;
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int PICTURE_OF_DELETE = 0x2421;

    /** On one character: a Hebrew letter with all its points has as many. */
    private static final int MOST_MARKS = 4;

    private HarmlessText() {
    }

    /** The text on one line, with all that could do harm replaced by something that is seen. A tab is a blank. */
    public static String of(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int before = 0;
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int behind = i < text.length() ? text.codePointAt(i) : 0;
            if (!isMark(c)) {
                // What shows as nothing is no new character to put marks on.
                marks = isJoiner(c) || isVariation(c) ? marks : 0;
            } else if (++marks > MOST_MARKS) {
                continue;
            }
            if (c == '\t') {
                shown.append(' ');
            } else if (c < ' ') {
                shown.appendCodePoint(CONTROL_PICTURES + c);
            } else if (c == 0x7F) {
                shown.appendCodePoint(PICTURE_OF_DELETE);
            } else if (Character.getType(c) == Character.SURROGATE) {
                shown.appendCodePoint(REPLACEMENT);
            } else if (isHarmful(c) && !joins(before, c, behind) || isVariation(c) && isVariation(before)) {
                shown.append(String.format("<U+%04X>", c));
            } else {
                shown.appendCodePoint(c);
            }
            before = c;
        }
        return shown.toString();
    }

    /**
     * Controls, formats (bidirectional overrides, zero width), separators of lines and paragraphs, and the letters and
     * reserved code points that show as nothing (Default_Ignorable_Code_Point of Unicode, less variation selectors).
     */
    public static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x2065
                    || c == 0x3164 || c == 0xFFA0 || c >= 0xFFF0 && c <= 0xFFF8
                    || c >= 0xE0000 && c <= 0xE0FFF && !isVariation(c);
        };
    }

    private static boolean isVariation(int c) {
        return c >= 0xFE00 && c <= 0xFE0F || c >= 0xE0100 && c <= 0xE01EF;
    }

    /** What is drawn above, below or around the character in front of it; a variation selector is not drawn. */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) && !isVariation(c);
    }

    private static boolean isJoiner(int c) {
        return c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
    }

    /** Joiners that do what they are for: emoji of several parts, and scripts whose letters join. */
    private static boolean joins(int before, int c, int behind) {
        if (c == ZERO_WIDTH_JOINER && isPictorial(before) && isPictorial(behind)) {
            return true;
        }
        return isJoiner(c) && isJoining(before) && isJoining(behind);
    }

    private static boolean isPictorial(int c) {
        return Character.getType(c) == Character.OTHER_SYMBOL || isVariation(c) || c >= 0x1F3FB && c <= 0x1F3FF;
    }

    private static boolean isJoining(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case ARABIC, SYRIAC, MONGOLIAN, DEVANAGARI, BENGALI, GURMUKHI, GUJARATI, ORIYA, TAMIL, TELUGU, KANNADA,
                    MALAYALAM, SINHALA, KHMER, MYANMAR -> !isHarmful(c);
            default -> false;
        };
    }
}
