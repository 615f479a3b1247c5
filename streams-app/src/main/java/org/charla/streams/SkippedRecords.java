package org.charla.streams;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of an own topic that this app did not write: they are skipped, counted and told of, but not of each, since whoever
 * writes there may write many. Not thread-safe.
 */
final class SkippedRecords {

    private static final Logger log = LoggerFactory.getLogger(SkippedRecords.class);

    private static final long SAID_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String topic;
    private final Sensor skipped;
    private long sayAt = System.nanoTime();

    SkippedRecords(String topic, ProcessingContext context) {
        this.topic = topic;
        this.skipped = Metrics.skipped(context, topic);
    }

    /** @param why what is wrong with the record, in a sentence */
    void add(String why) {
        skipped.record();
        if (System.nanoTime() - sayAt >= 0) {
            log.warn("a record of {} is skipped, which the streams app did not write: {} (more within a minute are only"
                    + " counted, as skipped-total)", topic, why);
            sayAt = System.nanoTime() + SAID_EVERY_NANOS;
        }
    }
}
