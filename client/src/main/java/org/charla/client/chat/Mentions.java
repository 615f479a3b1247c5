package org.charla.client.chat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds a person's names in texts, as whole words and whatever their case. Thread-safe. */
public final class Mentions {

    private final Pattern names;

    /** @param names a user id and a display name, for example */
    public Mentions(String... names) {
        List<String> distinct = Stream.of(names).distinct().toList();
        this.names = Pattern.compile("(?<![\\p{L}\\p{M}\\p{N}_])(?:"
                + distinct.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                + ")(?![\\p{L}\\p{M}\\p{N}_])", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** Whether one of the names is in the text. */
    public boolean in(String text) {
        return names.matcher(text).find();
    }
}
