package org.charla.client.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Breaks text into lines by the columns that a terminal needs for it. */
final class Wrapping {

    private static final int NARROWEST = 8;

    private Wrapping() {
    }

    /**
     * Breaks between words, and within a word that is wider than a line; never between a character and what combines
     * with it.
     *
     * @param text on one line, without control characters
     * @param first columns of the first line
     * @param others columns of the lines below it
     * @return at least one line
     */
    static List<String> wrap(String text, int first, int others) {
        List<String> lines = new ArrayList<>();
        int room = Math.max(NARROWEST, first);
        int start = 0;
        int blank = -1;
        int columns = 0;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int width = Math.max(0, WCWidth.wcwidth(c));
            if (columns + width > room && i > start) {
                int end = c == ' ' ? i : blank > start ? blank : i;
                lines.add(text.substring(start, end));
                start = end < text.length() && text.charAt(end) == ' ' ? end + 1 : end;
                room = Math.max(NARROWEST, others);
                blank = -1;
                columns = 0;
                i = start;
                continue;
            }
            if (c == ' ') {
                blank = i;
            }
            columns += width;
            i += Character.charCount(c);
        }
        lines.add(text.substring(start));
        return lines;
    }
}
