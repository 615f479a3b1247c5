package org.charla.client.chat;

import com.ibm.icu.text.Normalizer2;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.charla.client.text.Graphemes;

/**
 * {@code s/old/new/}, as people are used to from IRC: one text in another's place, once, or with {@code g} at the end
 * wherever it stands. Both are texts and no patterns; a slash in them is written {@code \/}.
 */
record Substitution(String old, String replacement, boolean everywhere) {

    private static final Normalizer2 COMPOSED = Normalizer2.getNFCInstance();

    /** Empty where the line has another form, and so is a text. */
    static Optional<Substitution> parse(String line) {
        List<String> parts = parts(line);
        boolean everywhere = parts.get(parts.size() - 1).equals("g");
        return parts.size() == 4 && parts.get(0).equals("s") && !parts.get(1).isEmpty()
                && (everywhere || parts.get(3).isEmpty())
                ? Optional.of(new Substitution(parts.get(1), parts.get(2), everywhere)) : Optional.empty();
    }

    private static List<String> parts(String line) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            if (line.startsWith("\\/", i)) {
                part.append('/');
                i++;
            } else if (line.charAt(i) == '/') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(line.charAt(i));
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** The text with the new in place of the old, however its letters are encoded; empty where the old is not in it. */
    Optional<String> in(String text) {
        List<String> graphemes = Graphemes.of(text);
        List<String> composed = composed(graphemes);
        List<String> sought = composed(Graphemes.of(old));
        StringBuilder changed = new StringBuilder();
        int from = 0;
        int found = Collections.indexOfSubList(composed, sought);
        if (found < 0) {
            return Optional.empty();
        }
        while (found >= 0) {
            graphemes.subList(from, from + found).forEach(changed::append);
            changed.append(replacement);
            from += found + sought.size();
            found = everywhere ? Collections.indexOfSubList(composed.subList(from, composed.size()), sought) : -1;
        }
        graphemes.subList(from, graphemes.size()).forEach(changed::append);
        return Optional.of(changed.toString());
    }

    private static List<String> composed(List<String> graphemes) {
        return graphemes.stream().map(COMPOSED::normalize).toList();
    }
}
