package org.charla.client.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person takes for one character: extended grapheme clusters, as Unicode Standard Annex #29 has them.
 */
public final class Graphemes {

    /** One for each thread, since it holds the text that it breaks. */
    private static final ThreadLocal<BreakIterator> BREAKS =
            ThreadLocal.withInitial(() -> BreakIterator.getCharacterInstance(ULocale.ROOT));

    private Graphemes() {
    }

    /** The graphemes of a text, in order; joined they are the text. */
    public static List<String> of(String text) {
        BreakIterator breaks = BREAKS.get();
        breaks.setText(text);
        List<String> graphemes = new ArrayList<>(text.length());
        int start = 0;
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            graphemes.add(text.substring(start, end));
            start = end;
        }
        return graphemes;
    }
}
