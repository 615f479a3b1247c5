package org.charla.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own timestamp. One that the broker did not set may be missing (-1), on which Streams would stop, or lie
 * further ahead than topics take by default, so that nothing that comes of the record could be written: such a record gets
 * the time up to which its partition was read, or, at its beginning, the wall clock's.
 */
final class ValidTimestamp implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long now = System.currentTimeMillis();
        if (record.timestamp() >= 0 && record.timestamp() - now <= TopicNeeds.CLOCK_SKEW.toMillis()) {
            return record.timestamp();
        }
        return partitionTime >= 0 ? partitionTime : now;
    }
}
