package org.charla.client.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.IndicSyllabicCategory;
import com.ibm.icu.lang.UCharacter.JoiningType;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UCharacterDirection;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.lang.UScript;
import org.charla.protocol.Emoji;

/**
 * Makes text of other people fit to be shown: it can't move the cursor, start an escape sequence, forge a further
 * line, or turn round, hide or scribble over what stands beside it. What it could do that with is shown, not dropped:
 * control characters by their Unicode pictures, the rest as {@code <U+202E>}. Only of the marks on one character some
 * are dropped, where there are more than any language needs. Emoji, and what joins, separates and directs letters
 * where scripts need it, stay as they are, by Unicode's data. For the screen only: it is nothing to be sent.
 */
public final class HarmlessText {

    private static final int ZERO_WIDTH_SPACE = 0x200B;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int DOTTED_CIRCLE = 0x25CC;
    private static final int REPLACEMENT = 0xFFFD;
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int PICTURE_OF_DELETE = 0x2421;

    /** On one character, of those that go with any: they pile up beyond the line. */
    private static final int MOST_MARKS = 4;
    /** On one character, of a script's own: Burmese and Tibetan syllables and a Hebrew letter with all its points. */
    private static final int MOST_MARKS_OF_A_SCRIPT = 8;
    private static final String TAB = "\t";
    private static final String TAB_AND_LINE_END = "\t\n";

    private final String text;
    private final String kept;
    private final boolean rightToLeft;
    private final StringBuilder shown;

    private HarmlessText(String text, String kept) {
        this.text = text;
        this.kept = kept;
        this.rightToLeft = text.codePoints().anyMatch(HarmlessText::isRightToLeft);
        this.shown = new StringBuilder(text.length() + 16);
    }

    /** The text on one line, with all that could do harm replaced by something that is seen. A tab is a blank. */
    public static String of(String text) {
        return withTabs(text).replace('\t', ' ');
    }

    /** As {@link #of}, with its tabs, for those who know how wide they are. */
    public static String withTabs(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        HarmlessText harmless = new HarmlessText(text, TAB);
        harmless.append(0);
        return harmless.shown.toString();
    }

    /**
     * A text that is being edited, as it is shown.
     *
     * @param cursor where the cursor stands in it: in front of this char
     */
    public record Edited(String text, int cursor) {
    }

    /** The text as it is shown while it is edited, with its tabs and line ends, and where the cursor is then. */
    public static Edited edited(String text, int cursor) {
        HarmlessText harmless = new HarmlessText(text, TAB_AND_LINE_END);
        int shownCursor = harmless.append(cursor);
        return new Edited(harmless.shown.toString(), shownCursor);
    }

    /** @return where the grapheme is shown that holds the char at this index, or the end */
    private int append(int index) {
        int start = 0;
        int found = 0;
        for (String grapheme : Graphemes.of(text)) {
            if (start <= index) {
                found = shown.length();
            }
            int end = start + grapheme.length();
            if (Emoji.isOne(grapheme)) {
                shown.append(grapheme);
            } else {
                append(start, end);
            }
            start = end;
        }
        return index >= start ? shown.length() : found;
    }

    private void append(int start, int end) {
        int marks = 0;
        for (int i = start; i < end;) {
            int c = text.codePointAt(i);
            int behind = i + Character.charCount(c);
            if (!isMark(c)) {
                // What shows as nothing is no new character to put marks on.
                marks = isIgnorable(c) ? marks : 0;
            } else if (!isIgnorable(c) && ++marks > (isOfAScript(c) ? MOST_MARKS_OF_A_SCRIPT : MOST_MARKS)) {
                i = behind;
                continue;
            } else if (i == 0) {
                // It would be put on what stands in front of the text.
                shown.appendCodePoint(DOTTED_CIRCLE);
            }
            if (kept.indexOf(c) >= 0) {
                shown.appendCodePoint(c);
            } else if (c < ' ') {
                shown.appendCodePoint(CONTROL_PICTURES + c);
            } else if (c == 0x7F) {
                shown.appendCodePoint(PICTURE_OF_DELETE);
            } else if (UCharacter.getType(c) == UCharacterCategory.SURROGATE) {
                shown.appendCodePoint(REPLACEMENT);
            } else if ((isHarmful(c) || isVariation(c)) && !belongs(c, i, behind)) {
                shown.append(String.format("<U+%04X>", c));
            } else {
                shown.appendCodePoint(c);
            }
            i = behind;
        }
    }

    /**
     * Controls, formats (bidirectional overrides, zero width), separators of lines and paragraphs, and the letters and
     * reserved code points that show as nothing (less variation selectors): unless they do what they are for.
     */
    public static boolean isHarmful(int c) {
        return switch (UCharacter.getType(c)) {
            case UCharacterCategory.CONTROL, UCharacterCategory.FORMAT, UCharacterCategory.SURROGATE,
                    UCharacterCategory.LINE_SEPARATOR, UCharacterCategory.PARAGRAPH_SEPARATOR -> true;
            default -> isIgnorable(c) && !isVariation(c);
        };
    }

    private static boolean isIgnorable(int c) {
        return UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }

    private static boolean isVariation(int c) {
        return UCharacter.hasBinaryProperty(c, UProperty.VARIATION_SELECTOR);
    }

    private static boolean isMark(int c) {
        return switch (UCharacter.getType(c)) {
            case UCharacterCategory.NON_SPACING_MARK, UCharacterCategory.ENCLOSING_MARK,
                    UCharacterCategory.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isOfAScript(int c) {
        int script = UScript.getScript(c);
        return script != UScript.COMMON && script != UScript.INHERITED;
    }

    /** A letter of Hebrew, Arabic and the like; not a mark that only says so. */
    private static boolean isRightToLeft(int c) {
        int direction = UCharacter.getDirection(c);
        return (direction == UCharacterDirection.RIGHT_TO_LEFT || direction == UCharacterDirection.RIGHT_TO_LEFT_ARABIC)
                && !isHarmful(c);
    }

    /** Whether a code point that can do harm does what it is for. */
    private boolean belongs(int c, int start, int end) {
        int before = start == 0 ? ' ' : text.codePointBefore(start);
        if (isVariation(c)) {
            return varies(before, c);
        }
        if (UCharacter.hasBinaryProperty(c, UProperty.PREPENDED_CONCATENATION_MARK)) {
            return true;
        }
        if (isHarmful(before)) {
            return false;
        }
        int behind = end == text.length() ? 0 : text.codePointAt(end);
        return switch (c) {
            // The marks of direction, which override nothing.
            case 0x200E, 0x200F, 0x061C -> rightToLeft;
            case ZERO_WIDTH_NON_JOINER -> joins(letterBefore(start)) && (joins(behind) || isVirama(before));
            case ZERO_WIDTH_JOINER -> joins(letterBefore(start));
            case ZERO_WIDTH_SPACE -> isWrittenWithoutBlanks(before) && isWrittenWithoutBlanks(behind);
            default -> isOfAScript(c) && UScript.getScript(c) == UScript.getScript(before);
        };
    }

    /** Of signs that have variants: emoji and text, ideographs, and others beyond ASCII. */
    private static boolean varies(int before, int c) {
        if (isHarmful(before) || isVariation(before)) {
            return false;
        }
        if (Emoji.isVariation(c)) {
            return UCharacter.hasBinaryProperty(before, UProperty.EMOJI);
        }
        return c > 0xFFFF ? UCharacter.hasBinaryProperty(before, UProperty.IDEOGRAPHIC) : before > 0x7F;
    }

    /** The letter that what stands at this index is joined to: marks don't come between. */
    private int letterBefore(int start) {
        int i = start;
        while (i > 0) {
            int c = text.codePointBefore(i);
            if (!isMark(c) || isIndic(c)) {
                return c;
            }
            i -= Character.charCount(c);
        }
        return 0;
    }

    /** Of the scripts whose letters join, or form conjuncts. */
    private static boolean joins(int c) {
        int type = UCharacter.getIntPropertyValue(c, UProperty.JOINING_TYPE);
        return switch (type) {
            case JoiningType.DUAL_JOINING, JoiningType.LEFT_JOINING, JoiningType.RIGHT_JOINING -> true;
            case JoiningType.JOIN_CAUSING -> c != ZERO_WIDTH_JOINER;
            default -> isIndic(c);
        };
    }

    private static boolean isIndic(int c) {
        return isOfAScript(c) && UScript.getScript(c) != UScript.LATIN && UCharacter.getIntPropertyValue(
                c, UProperty.INDIC_SYLLABIC_CATEGORY) != IndicSyllabicCategory.OTHER;
    }

    private static boolean isVirama(int c) {
        return switch (UCharacter.getIntPropertyValue(c, UProperty.INDIC_SYLLABIC_CATEGORY)) {
            case IndicSyllabicCategory.VIRAMA, IndicSyllabicCategory.INVISIBLE_STACKER,
                    IndicSyllabicCategory.PURE_KILLER -> true;
            default -> false;
        };
    }

    /** Thai, Khmer and the like, where a space of no width tells where a word ends. */
    private static boolean isWrittenWithoutBlanks(int c) {
        return UCharacter.getIntPropertyValue(c, UProperty.LINE_BREAK) == UCharacter.LineBreak.COMPLEX_CONTEXT;
    }
}
