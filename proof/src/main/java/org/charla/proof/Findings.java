package org.charla.proof;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the oracle found wrong: how often, and of each kind the first ones in words. */
final class Findings {

    enum Kind {
        LOST_BY_KAFKA("acknowledged but not in chat.raw"),
        NOT_WRITTEN("in chat.raw but written by nobody, or twice"),
        LOST("lost"),
        TWICE("twice"),
        OUT_OF_ORDER("out of order"),
        ALTERED("not what the event says"),
        WRONGLY_ACCEPTED("wrongly accepted"),
        WRONGLY_REFUSED("wrongly refused"),
        FROM_NOWHERE("of no raw record"),
        DEAD_LETTER("dead-lettered"),
        DOCUMENT_MISSING("document missing"),
        DOCUMENT_UNEQUAL("document unequal to the log"),
        DOCUMENT_EXTRA("document too many"),
        INDEX("index unequal"),
        STUCK("not through in time");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final int TOLD = 10;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<String>> examples = new EnumMap<>(Kind.class);

    void add(Kind kind, String what) {
        counts.merge(kind, 1L, Long::sum);
        List<String> told = examples.computeIfAbsent(kind, any -> new ArrayList<>());
        if (told.size() < TOLD) {
            told.add(what);
        }
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    Map<Kind, Long> counts() {
        return counts;
    }

    /** A line for each that is told. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        counts.forEach((kind, count) -> {
            lines.append(kind).append(": ").append(count).append('\n');
            examples.get(kind).forEach(example -> lines.append("    ").append(example).append('\n'));
        });
        return lines.toString();
    }
}
