package org.charla.client.terminal;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.charla.client.text.Alike;
import org.charla.protocol.ChannelRules;

/** What can be completed at the moment: commands, channels, and the names of those who spoke last. */
record Completions(List<String> commands, List<String> channels, List<String> nicks) {

    static final Completions NONE = new Completions(List.of(), List.of(), List.of());

    /** What some commands take. */
    private static final Map<String, List<String>> VALUES = Map.of(
            "/react", List.of("👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀", "✅", "❌", "🔥", "👎"),
            "/posting", Stream.of(ChannelRules.Posting.values()).map(ChannelRules.Posting::wireName).toList(),
            "/slow", List.of("30", "60", "300", "off"));

    /**
     * What a word may become.
     *
     * @param word as far as it is typed
     * @param before the words in front of it
     */
    List<String> of(String word, List<String> before) {
        if (before.isEmpty() && word.startsWith("/")) {
            return startingWith("", word, commands, "");
        }
        if (before.size() == 1 && (before.get(0).equals("/join") || before.get(0).equals("/2"))) {
            return word.startsWith("#") ? startingWith("#", word, channels, "") : startingWith("", word, channels, "");
        }
        List<String> values = before.isEmpty() ? List.of() : VALUES.getOrDefault(before.get(0), List.of());
        if (!values.isEmpty()) {
            return startingWith("", word, values, "");
        }
        if (word.startsWith("@")) {
            return startingWith("@", word, nicks, "");
        }
        return word.isEmpty() ? List.of() : startingWith("", word, nicks, before.isEmpty() ? ":" : "");
    }

    /** Those that start like the word behind its sign; neither case nor accents have to be typed. */
    private static List<String> startingWith(String sign, String word, List<String> words, String ending) {
        String start = Alike.withoutAccents(word.substring(sign.length()));
        return words.stream().filter(candidate -> Alike.withoutAccents(candidate).startsWith(start))
                .map(candidate -> sign + candidate + ending).toList();
    }
}
