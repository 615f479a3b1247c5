package org.charla.client.text;

import java.util.List;

/**
 * Where two texts differ, in whole words.
 *
 * @param before the part of the one in whose place there is another; may be empty
 * @param after that other part; may be empty
 * @param begin where the two parts begin, in graphemes
 * @param end where the other part ends, in graphemes of its text
 */
public record Difference(String before, String after, int begin, int end) {

    /** From the first to the last grapheme that is not the same. */
    public static Difference between(String before, String after) {
        List<String> old = Graphemes.of(before);
        List<String> now = Graphemes.of(after);
        int shorter = Math.min(old.size(), now.size());
        int begin = 0;
        while (begin < shorter && old.get(begin).equals(now.get(begin))) {
            begin++;
        }
        int rest = 0;
        while (rest < shorter - begin
                && old.get(old.size() - 1 - rest).equals(now.get(now.size() - 1 - rest))) {
            rest++;
        }
        // Where the difference begins or ends within a word, all of the word is part of it.
        if (begin < old.size() - rest && isLetter(old, begin) || begin < now.size() - rest && isLetter(now, begin)) {
            while (begin > 0 && isLetter(now, begin - 1)) {
                begin--;
            }
        }
        if (begin < old.size() - rest && isLetter(old, old.size() - rest - 1)
                || begin < now.size() - rest && isLetter(now, now.size() - rest - 1)) {
            while (rest > 0 && isLetter(now, now.size() - rest)) {
                rest--;
            }
        }
        return new Difference(String.join("", old.subList(begin, old.size() - rest)),
                String.join("", now.subList(begin, now.size() - rest)), begin, now.size() - rest);
    }

    private static boolean isLetter(List<String> graphemes, int index) {
        return !graphemes.get(index).isBlank();
    }
}
