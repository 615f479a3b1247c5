package org.charla.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.charla.protocol.Topics;

/**
 * How long and how far stable offsets stay behind the ends of their partitions. Who reads committed records sees nothing
 * at or behind the stable offset: there the first record stands whose transaction is open. So one transaction that
 * nobody ends stops all readers of a partition, and their lag, which is counted to the stable offset, stays 0.
 *
 * <p>The delay of a partition is the time since an end was first seen that is not stable yet. It grows while one
 * transaction stays open, and stays high where one is opened after the other so that readers never catch up; transactions
 * that end in time leave it small however many there are. Thread-safe; times are in milliseconds of one monotonic clock.
 */
final class StableOffsets {

    /** Within this time transactions are expected to end: then readers are told of as held back. */
    static final Duration HELD_BACK_AFTER = Duration.ofSeconds(5);

    private static final String CHANNELS = "chat.channel.*";
    private static final String INTERNAL = "internal";

    /** What partitions are counted under: their topic, all channels together, all internal topics together. */
    static final List<String> GROUPS =
            List.of(Topics.RAW, Topics.USERS, Topics.CHANNELS, Topics.REJECTED, Topics.REFUSALS, CHANNELS, INTERNAL);

    /**
     * A partition as it was seen last.
     *
     * @param stable the offset at which readers stand
     * @param records how many offsets there are from there to the end
     * @param forMs how long at least some of them have been there
     */
    record Behind(TopicPartition partition, long stable, long records, long forMs) {

        boolean isHeldBack() {
            return forMs >= HELD_BACK_AFTER.toMillis();
        }

        @Override
        public String toString() {
            return "A transaction has been open at offset %d of %s for %d s, and readers wait there."
                    .formatted(stable, partition, forMs / 1_000);
        }
    }

    private final Map<TopicPartition, UnstableEnds> unstable = new HashMap<>();
    private long observedMs;

    /**
     * Notes what was seen.
     *
     * @param asked the partitions that there are; those that gave no answer keep what is known of them
     * @param ends their ends
     * @param stable their stable offsets, asked for after the ends, so that what was opened in between doesn't count
     */
    synchronized void observe(Collection<TopicPartition> asked, Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> stable, long nowMs) {
        unstable.keySet().retainAll(Set.copyOf(asked));
        ends.forEach((partition, end) -> {
            Long offset = stable.get(partition);
            if (offset == null) {
                return;
            }
            if (offset >= end) {
                unstable.remove(partition);
            } else {
                unstable.computeIfAbsent(partition, found -> new UnstableEnds()).observe(offset, end, nowMs);
            }
        });
        observedMs = nowMs;
    }

    private Stream<Behind> behind() {
        return unstable.entrySet().stream().map(found -> found.getValue().behind(found.getKey(), observedMs));
    }

    private Stream<Behind> behind(String group) {
        return behind().filter(found -> groupOf(found.partition().topic()).equals(group));
    }

    /** The partition that has been behind for the longest time; empty where none is behind. */
    synchronized Optional<Behind> longest() {
        return behind().max(Comparator.comparingLong(Behind::forMs));
    }

    /** For how long the stable offsets of this one of {@link #GROUPS} have been behind: the longest of them, in ms. */
    synchronized long delayMs(String group) {
        return behind(group).mapToLong(Behind::forMs).max().orElse(0);
    }

    /** How many offsets the stable ones of this one of {@link #GROUPS} are behind, all together. */
    synchronized long records(String group) {
        return behind(group).mapToLong(Behind::records).sum();
    }

    private static String groupOf(String topic) {
        if (GROUPS.contains(topic)) {
            return topic;
        }
        return Topics.channelOf(topic).isPresent() ? CHANNELS : INTERNAL;
    }

    /** The ends of one partition that aren't stable yet, oldest first, and when each was first seen. */
    private static final class UnstableEnds {

        /** The longer the oldest has waited, the fewer of the others matter: so there are never many. */
        private static final int SHARE_OF_THE_DELAY = 16;

        private record Seen(long end, long atMs) {
        }

        private final Deque<Seen> ends = new ArrayDeque<>();
        private long stable;
        private long end;

        void observe(long nowStable, long nowEnd, long nowMs) {
            if (nowEnd < end) {
                // The topic was made anew.
                ends.clear();
            }
            stable = nowStable;
            end = nowEnd;
            while (!ends.isEmpty() && ends.peek().end <= stable) {
                ends.remove();
            }
            boolean isMore = ends.isEmpty() || ends.peekLast().end < end
                    && nowMs - ends.peekLast().atMs >= (nowMs - ends.peek().atMs) / SHARE_OF_THE_DELAY;
            if (isMore) {
                ends.add(new Seen(end, nowMs));
            }
        }

        Behind behind(TopicPartition partition, long nowMs) {
            return new Behind(partition, stable, end - stable, nowMs - ends.getFirst().atMs);
        }
    }
}
