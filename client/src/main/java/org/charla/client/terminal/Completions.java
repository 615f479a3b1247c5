package org.charla.client.terminal;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What can be completed at the moment: commands, channels, and the names of those who spoke last. */
record Completions(List<String> commands, List<String> channels, List<String> nicks) {

    static final Completions NONE = new Completions(List.of(), List.of(), List.of());

    /**
     * What a word may become.
     *
     * @param word as far as it is typed
     * @param before the words in front of it
     */
    List<String> of(String word, List<String> before) {
        if (before.isEmpty() && word.startsWith("/")) {
            return startingWith(word, commands.stream());
        }
        if (before.size() == 1 && (before.get(0).equals("/join") || before.get(0).equals("/2"))) {
            return startingWith(word, channels.stream());
        }
        String ending = before.isEmpty() ? ":" : "";
        return startingWith(word, nicks.stream().map(nick -> nick + ending));
    }

    private static List<String> startingWith(String word, Stream<String> words) {
        String start = word.toLowerCase(Locale.ROOT);
        return words.filter(candidate -> candidate.toLowerCase(Locale.ROOT).startsWith(start)).toList();
    }
}
