package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a person has read the channels of a cluster, and which of them are open, in their order. Positions only go
 * forward, whoever tells of them in which order, until a topic is made anew. Not thread-safe.
 */
public final class ReadMarks {

    private final Map<String, ReadMark> marks = new LinkedHashMap<>();

    /** One of before; in the order of the open channels. */
    public void add(ReadMark mark) {
        marks.remove(mark.channel());
        marks.put(mark.channel(), mark);
    }

    /** Those of elsewhere, told of the same channels: what was seen there is seen here. */
    public void addAll(ReadMarks others) {
        others.marks.values().forEach(other -> {
            ReadMark own = marks.get(other.channel());
            if (own == null) {
                add(other);
            } else if (other.position() > own.position()) {
                marks.put(own.channel(), new ReadMark(own.channel(), other.position(), Math.max(own.at(), other.at()),
                        own.open()));
            }
        });
    }

    /** What becomes of them where something is done. */
    public void apply(ReadChange change) {
        String channel = change.channel();
        ReadMark mark = marks.getOrDefault(channel, new ReadMark(channel, ReadMark.NOWHERE, 0, false));
        if (change instanceof ReadChange.Opened) {
            if (!mark.open()) {
                // Behind those that are open already.
                add(new ReadMark(channel, mark.position(), mark.at(), true));
            }
        } else if (change instanceof ReadChange.Closed) {
            marks.put(channel, new ReadMark(channel, mark.position(), mark.at(), false));
        } else if (change instanceof ReadChange.Seen seen) {
            marks.put(channel, new ReadMark(channel, Math.max(mark.position(), seen.position()),
                    seen.position() < mark.position() ? mark.at() : Math.max(mark.at(), seen.at()), mark.open()));
        } else if (change instanceof ReadChange.Anew anew && mark.position() > anew.end()
                && mark.at() <= anew.at()) {
            // What somebody saw afterwards may be behind that end.
            marks.put(channel, new ReadMark(channel, ReadMark.NOWHERE, 0, mark.open()));
        }
    }

    /** All of them, in the order of the open channels. */
    public List<ReadMark> all() {
        return List.copyOf(marks.values());
    }

    /**
     * Forgets channels where there are too many: closed ones first, and those that were seen longest ago.
     *
     * @param most how many are kept
     * @param mostOpen how many of them stay open
     */
    public void keep(int most, int mostOpen) {
        marks.values().stream().filter(ReadMark::open)
                .sorted(Comparator.comparingLong(ReadMark::at).reversed()).skip(mostOpen).toList()
                .forEach(mark -> marks.put(
                        mark.channel(), new ReadMark(mark.channel(), mark.position(), mark.at(), false)));
        if (marks.size() > most) {
            List<ReadMark> dearest = new ArrayList<>(marks.values());
            dearest.sort(Comparator.comparing(ReadMark::open).thenComparingLong(ReadMark::at));
            dearest.subList(0, dearest.size() - most).forEach(mark -> marks.remove(mark.channel()));
        }
    }
}
