package org.charla.client.text;

/**
 * The formatting codes that IRC clients put into texts: bold, colours and the like. They are meant for a program, and
 * shown by none of ours. <a href="https://modern.ircdocs.horse/formatting">As IRC has them</a>.
 */
public final class IrcFormatting {

    private static final char COLOUR = 0x03;
    private static final char HEX_COLOUR = 0x04;

    private IrcFormatting() {
    }

    /** The text without formatting codes and the digits of colours. */
    public static String strip(String text) {
        if (text.chars().noneMatch(c -> c < ' ')) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i++);
            switch (c) {
                case COLOUR -> i = behindColours(text, i, 1, 2, 10);
                case HEX_COLOUR -> i = behindColours(text, i, 6, 6, 16);
                // Bold, reset, monospace, reverse, italic, strikethrough, underline.
                case 0x02, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F -> { }
                default -> plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Skips the colour of the letters and, behind a comma, that of the background, where they are given. */
    private static int behindColours(String text, int start, int least, int most, int radix) {
        int letters = behindDigits(text, start, least, most, radix);
        if (letters == start || letters == text.length() || text.charAt(letters) != ',') {
            return letters;
        }
        int background = behindDigits(text, letters + 1, least, most, radix);
        return background == letters + 1 ? letters : background;
    }

    private static int behindDigits(String text, int start, int least, int most, int radix) {
        int end = start;
        while (end < text.length() && end - start < most && text.charAt(end) < 0x7F
                && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end - start < least ? start : end;
    }
}
