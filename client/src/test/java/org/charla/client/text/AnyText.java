package org.charla.client.text;

import static java.util.stream.Collectors.joining;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.function.BiFunction;
import org.quicktheories.core.Gen;

/** Texts at random, and what acts on a terminal, hides, joins, turns round or is half a character often in them. */
public final class AnyText {

    private static final int MAX_LENGTH = 255;

    private static final int[] EDGES = {
        ' ', 0, 2, 3, 4, '\b', '\t', '\n', '\r', 0xF, 0x11, 0x16, 0x1B, 0x1D, 0x1E, 0x1F, ',', '[', 0x7F, 0x85, 0x9B,
        0xA0, 0xAD, 0x301, 0x5B0, 0x1100, 0x200B, 0x200C, 0x200D, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0x20DD,
        0x3000, 0x3164, 0xFE0F, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F1EA, 0x1F3FD, 0x1F44D, 0xE0041, 0x10FFFF};

    private AnyText() {
    }

    /** Any string, halves of surrogate pairs too. */
    public static Gen<String> any() {
        return of((kind, number) -> switch (kind) {
            case 1, 2, 3 -> printable(number);
            case 4, 5, 6 -> Character.toString(EDGES[number % EDGES.length]);
            case 7 -> Character.toString(number % 0x10000);
            case 8 -> Character.toString(number);
            default -> Character.toString(0xD800 + number % 0x800);
        });
    }

    /** Printable ASCII: in one text many short words, in another few that are longer than a line. */
    public static Gen<String> words() {
        return of((kind, number) -> kind <= 2 ? " " : printable(number)).mix(of((kind, number) -> printable(number)))
                .describedAs(AnyText::escaped);
    }

    /** Small letters. */
    public static Gen<String> letters() {
        return of((kind, number) -> Character.toString('a' + number % 26));
    }

    private static String printable(int number) {
        return Character.toString(' ' + (number + 'a' - ' ') % ('~' + 1 - ' '));
    }

    /**
     * Up to 255 characters, few more often than many. Each is made of its kind and a number, both drawn for every one:
     * so shrinking can change one of them, or drop it (whatever is of kind 0), and the others stay.
     */
    private static Gen<String> of(BiFunction<Integer, Integer, String> character) {
        Gen<String> characters = integers().between(0, 9).zip(integers().between(0, 0x10FFFF),
                (kind, number) -> kind == 0 ? "" : character.apply(kind, number));
        return lists().of(characters).ofSizes(integers().between(0, MAX_LENGTH).map((a, b) -> a * b / MAX_LENGTH))
                .map(all -> String.join("", all)).describedAs(AnyText::escaped);
    }

    private static String escaped(String text) {
        return text.chars().mapToObj(c -> c < ' ' || c > '~' ? String.format("\\u%04x", c) : String.valueOf((char) c))
                .collect(joining("", "\"", "\""));
    }
}
