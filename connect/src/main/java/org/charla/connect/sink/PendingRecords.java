package org.charla.connect.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a task was given and has not written yet, in order within each topic, and what offsets that leaves to be
 * committed. Not thread-safe: the task and its writer take turns.
 */
final class PendingRecords {

    private final Map<String, List<SinkRecord>> byTopic = new LinkedHashMap<>();

    /** Puts the records behind those of their topics. */
    void add(Collection<SinkRecord> records) {
        records.forEach(record -> byTopic.computeIfAbsent(record.topic(), topic -> new ArrayList<>()).add(record));
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /** A copy: topics may be removed while it is gone through. */
    List<String> topics() {
        return List.copyOf(byTopic.keySet());
    }

    /** A view, in order; empty where nothing of the topic is pending. */
    List<SinkRecord> of(String topic) {
        return Collections.unmodifiableList(byTopic.getOrDefault(topic, List.of()));
    }

    /** Nothing of the topic is pending any more. */
    void removeTopic(String topic) {
        byTopic.remove(topic);
    }

    /** These very records are pending no more; another delivery of one of them still is. */
    void remove(Collection<SinkRecord> records) {
        Set<SinkRecord> these = Collections.newSetFromMap(new IdentityHashMap<>());
        these.addAll(records);
        byTopic.values().forEach(pending -> pending.removeIf(these::contains));
        byTopic.values().removeIf(List::isEmpty);
    }

    /** The partitions are another task's, which begins with what was not committed. */
    void removePartitions(Collection<TopicPartition> partitions) {
        byTopic.values().forEach(pending -> pending.removeIf(record -> partitions.contains(origin(record))));
        byTopic.values().removeIf(List::isEmpty);
    }

    /**
     * What may be committed.
     *
     * @param consumed by partition, the offset behind the last record that the task was given, or that was skipped
     * @return the same partitions; where something of one is pending, at most the first offset of that
     */
    Map<TopicPartition, OffsetAndMetadata> written(Map<TopicPartition, OffsetAndMetadata> consumed) {
        Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>(consumed);
        byTopic.values().forEach(pending -> pending.forEach(record -> written.computeIfPresent(origin(record),
                (partition, offset) -> offset.offset() <= record.originalKafkaOffset() ? offset
                        : new OffsetAndMetadata(record.originalKafkaOffset()))));
        return written;
    }

    /** Where the record stands in Kafka, whatever transformations have made of its topic. */
    static TopicPartition origin(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }
}
