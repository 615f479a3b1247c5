package org.charla.client.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.charla.client.text.Graphemes;
import org.charla.client.text.Links;

/** Breaks text into lines by the columns that a terminal needs for it. */
final class Wrapping {

    /** How many columns of text a line has at least. */
    static final int NARROWEST = 8;

    private Wrapping() {
    }

    /**
     * Breaks between words, and within a word that is wider than a line; never within a grapheme, nor within the
     * address of a page: one that is wider than a line has a line of its own, which is wider than it may be.
     *
     * @param text on one line, without control characters
     * @param first columns of the first line
     * @param others columns of the lines below it
     * @param columns tells how many columns a text has
     * @return at least one line
     */
    static List<String> wrap(String text, int first, int others, ToIntFunction<String> columns) {
        List<String> pieces = pieces(text);
        List<String> lines = new ArrayList<>();
        int widest = Math.max(NARROWEST, others);
        int room = Math.max(NARROWEST, first);
        int start = 0;
        int blank = start;
        int used = 0;
        boolean hasWord = false;
        for (int i = 0; i < pieces.size();) {
            boolean isBlank = pieces.get(i).equals(" ");
            int width = columns.applyAsInt(pieces.get(i));
            if (used + width > room && (i > start || lines.isEmpty())) {
                int end = isBlank || blank == start || width > widest ? i : blank;
                lines.add(String.join("", pieces.subList(start, end)));
                start = pieces.get(end).equals(" ") ? end + 1 : end;
                room = widest;
                i = start;
                blank = start;
                used = 0;
                hasWord = false;
                continue;
            }
            // Blanks at the beginning of a line are no place to break it.
            if (!isBlank) {
                hasWord = true;
            } else if (hasWord) {
                blank = i;
            }
            used += width;
            i++;
        }
        lines.add(String.join("", pieces.subList(start, pieces.size())));
        return lines;
    }

    /** Graphemes and addresses. */
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (Links.Link link : Links.in(text)) {
            pieces.addAll(Graphemes.of(text.substring(start, link.start())));
            pieces.add(text.substring(link.start(), link.end()));
            start = link.end();
        }
        pieces.addAll(Graphemes.of(text.substring(start)));
        return pieces;
    }
}
