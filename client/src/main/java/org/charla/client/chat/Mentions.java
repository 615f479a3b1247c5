package org.charla.client.chat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.charla.client.text.Alike;

/** Finds a person's names in texts, as whole words, whatever their case and encoding. Thread-safe. */
public final class Mentions {

    private final Pattern names;

    /** @param names a user id and a display name, for example */
    public Mentions(String... names) {
        // A name of letters that show as nothing folds to nothing, which is in every text.
        String alternatives = Stream.of(names).map(Alike::folded).filter(name -> !name.isEmpty()).distinct()
                .map(Pattern::quote).collect(Collectors.joining("|"));
        this.names = Pattern.compile(alternatives.isEmpty() ? "(?!)"
                : "(?<![\\p{L}\\p{M}\\p{N}_])(?:" + alternatives + ")(?![\\p{L}\\p{M}\\p{N}_])");
    }

    /** Whether one of the names is in the text. */
    public boolean in(String text) {
        return names.matcher(Alike.folded(text)).find();
    }
}
