package org.charla.proof;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How many events were judged, and what became of them. */
final class Tally {

    private long events;
    private long messages;
    private long accepted;
    private long dropped;
    private long neverRead;
    private long documents;
    private final Map<Code, Long> refused = new EnumMap<>(Code.class);
    private final Map<String, Long> acceptedByType = new TreeMap<>();

    void event() {
        events++;
    }

    void accepted(Event.Type type) {
        accepted++;
        acceptedByType.merge(type.toString(), 1L, Long::sum);
        if (type == Event.Type.MESSAGE) {
            messages++;
        }
    }

    void refused(Code code) {
        refused.merge(code, 1L, Long::sum);
    }

    void dropped() {
        dropped++;
    }

    void neverRead() {
        neverRead++;
    }

    void document() {
        documents++;
    }

    /** Raw records, whatever became of them. */
    long events() {
        return events;
    }

    /** Accepted messages. */
    long messages() {
        return messages;
    }

    long refusedAltogether() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return events + " events: accepted " + accepted + " " + acceptedByType + ", refused " + refusedAltogether()
                + " " + refused + ", dropped as duplicates " + dropped + ", taken by retention unread " + neverRead
                + "; " + documents + " documents compared";
    }
}
