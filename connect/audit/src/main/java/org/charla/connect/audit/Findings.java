package org.charla.connect.audit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What is found of one topic and its collection. Not thread-safe. */
final class Findings {

    /** What is counted; those of them that are differences keep a topic from being equal. */
    enum Count {
        MESSAGES("messages"), CHANGES("changes"), KEYS("keys"), DOCUMENTS("documents"),
        MISSING("missing"), GAPS("gaps"), MISSING_CHANGES("missingChanges"), UNEQUAL("unequal"), EXTRA("extra"),
        DEAD_LETTERS("deadLetters"), REPAIRED("repaired"),
        /** Records that the sink sets aside. */
        UNREADABLE("unreadable"),
        /** What stands above the sink's committed position, and is not there yet. */
        NOT_WRITTEN("notWritten"),
        /** Documents whose records are not there any more. */
        NOT_VISIBLE("notVisible");

        private final String key;

        Count(String key) {
            this.key = key;
        }

        /** Names it, for programs and in the files of texts. */
        String key() {
            return key;
        }
    }

    private final String topic;
    private final String name;
    private final Report report;
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private long left;
    private boolean isInGap;

    /**
     * @param topic that a collection is named like
     * @param name what a person knows it as
     */
    Findings(String topic, String name, Report report) {
        this.topic = topic;
        this.name = name;
        this.report = report;
    }

    String topic() {
        return topic;
    }

    String name() {
        return name;
    }

    void count(Count count, long more) {
        if (more > 0) {
            counts.merge(count, more, Long::sum);
        }
    }

    /** What was counted, in order; without what there is none of. */
    Map<Count, Long> counts() {
        return Collections.unmodifiableMap(counts);
    }

    /** Counts and tells a difference. */
    void add(Difference difference) {
        switch (difference.kind()) {
            case MISSING -> count(difference.change().isEmpty() ? Count.MISSING : Count.MISSING_CHANGES, 1);
            case EXTRA -> count(Count.EXTRA, 1);
            default -> count(Count.UNEQUAL, 1);
        }
        if (difference.isDeadLetter()) {
            count(Count.DEAD_LETTERS, 1);
        }
        if (difference.repair().isDone()) {
            count(Count.REPAIRED, 1);
        } else {
            left++;
        }
        report.difference(this, difference);
    }

    /** What is missing follows what was missing before, if a gap is there. */
    void addToGap(Difference difference) {
        if (!isInGap) {
            isInGap = true;
            count(Count.GAPS, 1);
        }
        add(difference);
    }

    /** A document is there: what is missing behind it is missing by itself. */
    void endGap() {
        isInGap = false;
        report.gapEnded(this);
    }

    /** Whether no difference is left. */
    boolean isEqual() {
        return left == 0;
    }
}
