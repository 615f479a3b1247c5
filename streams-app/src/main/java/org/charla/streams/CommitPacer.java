package org.charla.streams;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Lets commits follow the load. Under exactly-once a reader sees a message when its transaction is committed, so an
 * app that keeps up asks for a commit at once, while one that is behind leaves it to {@code commit.interval.ms} and
 * gets the throughput of large transactions.
 */
final class CommitPacer extends ContextualFixedKeyProcessor<byte[], byte[], byte[]> {

    /** A record younger than this, in milliseconds, has not waited: the app keeps up. */
    private static final long KEEPING_UP_MS = 30;

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        if (context().currentSystemTimeMs() - record.timestamp() < KEEPING_UP_MS) {
            context().commit();
        }
        context().forward(record);
    }
}
