package org.charla.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.charla.protocol.EventRules;

/**
 * The record's own timestamp. One that the broker did not set may be missing (-1), on which Streams would stop, or lie
 * beyond all dates that readers can hold: such a record gets the time up to which its partition was read, or, at its
 * beginning, the wall clock's.
 */
final class ValidTimestamp implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        if (record.timestamp() >= 0 && EventRules.isDate(record.timestamp())) {
            return record.timestamp();
        }
        return partitionTime >= 0 ? partitionTime : System.currentTimeMillis();
    }
}
