package org.charla.streams;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record by where it stands. Its timestamp tells it from the one that has its offset when the topic is made anew.
 */
record Source(String topic, int partition, long offset, long timestamp) {

    private static final Pattern WRITTEN = Pattern.compile("(.{1,249})-([0-9]{1,9})@([0-9]{1,18})");

    /** What {@link #toString} wrote of a record with this timestamp; empty where it is nothing of the kind. */
    static Optional<Source> parse(String written, long timestamp) {
        Matcher source = WRITTEN.matcher(written);
        return source.matches() ? Optional.of(new Source(source.group(1), Integer.parseInt(source.group(2)),
                Long.parseLong(source.group(3)), timestamp)) : Optional.empty();
    }

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + '-' + partition + '@' + offset;
    }
}
