package org.charla.streams;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Lets commits follow the load. Under exactly-once a reader sees a message when its transaction is committed, so an
 * app that keeps up asks for a commit at once, while one that is behind gets the throughput of large transactions: each
 * commit costs the broker a marker in every partition that was written to, so that they may be the larger the more
 * channels speak. What is left when no record follows is up to {@code commit.interval.ms}.
 */
final class CommitPacer extends ContextualFixedKeyProcessor<byte[], byte[], byte[]> {

    /** A record younger than this, in milliseconds, has not waited: the app keeps up. */
    private static final long KEEPING_UP_MS = 30;

    /** How long a transaction of an app that is behind lasts at least, and a millisecond for how many topics. */
    private static final long BEHIND_MS = 200;
    private static final long TOPICS_A_MS = 5;

    private final Suspects suspects;

    CommitPacer(Suspects suspects) {
        this.suspects = suspects;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        long now = context().currentSystemTimeMs();
        Attempt attempt = suspects.attempt();
        if (now - record.timestamp() < KEEPING_UP_MS
                || attempt.openMs(now) >= Math.max(BEHIND_MS, attempt.topics() / TOPICS_A_MS)) {
            context().commit();
        }
        context().forward(record);
    }
}
