package org.charla.protocol;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/** What is an emoji, by Unicode's data (Unicode Technical Standard #51). Thread-safe. */
public final class Emoji {

    /** The longest that is taken for one, in code points; the longest there are have ten. */
    public static final int MAX_LENGTH = 16;

    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Emoji() {
    }

    /**
     * Whether this is one emoji: one that is recommended for interchange (flags and keycaps are nothing else), or one
     * that is built like those, since new ones come and some are sent without their variation selectors. It is one
     * grapheme in either case.
     */
    public static boolean isOne(String text) {
        if (text.isEmpty() || text.length() > 2 * MAX_LENGTH || Unicode.length(text) > MAX_LENGTH) {
            return false;
        }
        if (UCharacter.hasBinaryProperty(text, UProperty.RGI_EMOJI)) {
            return true;
        }
        int before = ZERO_WIDTH_JOINER;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            boolean fits = before == ZERO_WIDTH_JOINER ? isPictograph(c)
                    : c == ZERO_WIDTH_JOINER || UCharacter.hasBinaryProperty(c, UProperty.EMOJI_MODIFIER)
                    || isVariation(c) && !isVariation(before);
            if (!fits) {
                return false;
            }
            before = c;
            i += Character.charCount(c);
        }
        return before != ZERO_WIDTH_JOINER;
    }

    private static boolean isPictograph(int c) {
        return UCharacter.hasBinaryProperty(c, UProperty.EXTENDED_PICTOGRAPHIC);
    }

    /** Whether a code point only says whether the one before it is shown as text or as an emoji. */
    public static boolean isVariation(int c) {
        return c == 0xFE0E || c == 0xFE0F;
    }
}
