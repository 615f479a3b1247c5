package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Lets commits follow the load. Under exactly-once a reader sees a message when its transaction is committed, so an
 * app that keeps up asks for a commit at once, while one that is behind gets the throughput of larger transactions:
 * they last as long as its records have waited, up to where larger ones gain nothing. Each commit costs the broker a
 * marker in every partition that was written to, so that this lies the further the more channels speak. What is left
 * when no record follows is up to {@code commit.interval.ms}.
 */
final class CommitPacer extends ContextualFixedKeyProcessor<byte[], byte[], byte[]> {

    /** How long a transaction of an app that is far behind lasts, or a millisecond for how many topics. */
    private static final long FAR_BEHIND_MS = 200;
    private static final long TOPICS_A_MS = 5;

    private final Suspects suspects;
    private final long keepingUpMs;

    /** @param keepingUp a record younger than this has not waited: the app keeps up */
    CommitPacer(Suspects suspects, Duration keepingUp) {
        this.suspects = suspects;
        this.keepingUpMs = keepingUp.toMillis();
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        long now = context().currentSystemTimeMs();
        Attempt attempt = suspects.attempt();
        long waitedMs = now - record.timestamp() - keepingUpMs;
        if (attempt.openMs(now) >= Math.min(waitedMs, Math.max(FAR_BEHIND_MS, attempt.topics() / TOPICS_A_MS))) {
            context().commit();
        }
        context().forward(record);
    }
}
