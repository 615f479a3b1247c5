package org.charla.protocol;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives a record whose timestamp is none, since it is negative, the earliest one there is. Brokers take such records; Kafka
 * Streams' readers of global stores, and Kafka Connect's sinks, end at one, again at each start, and nobody could skip it there.
 */
public final class ReadableTimestamps implements ConsumerInterceptor<Object, Object> {

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        if (StreamSupport.stream(records.spliterator(), false).allMatch(ReadableTimestamps::isReadable)) {
            return records;
        }
        Map<TopicPartition, List<ConsumerRecord<Object, Object>>> readable = new HashMap<>();
        records.partitions().forEach(partition -> readable.put(
                partition, records.records(partition).stream().map(ReadableTimestamps::readable).toList()));
        return new ConsumerRecords<>(readable, records.nextOffsets());
    }

    private static boolean isReadable(ConsumerRecord<?, ?> record) {
        return record.timestamp() >= 0;
    }

    private static ConsumerRecord<Object, Object> readable(ConsumerRecord<Object, Object> record) {
        return isReadable(record) ? record : new ConsumerRecord<>(record.topic(), record.partition(), record.offset(), 0,
                record.timestampType(), record.serializedKeySize(), record.serializedValueSize(), record.key(),
                record.value(), record.headers(), record.leaderEpoch());
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    }

    @Override
    public void close() {
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }
}
