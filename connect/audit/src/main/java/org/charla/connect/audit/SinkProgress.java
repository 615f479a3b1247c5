package org.charla.connect.audit;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;
import org.charla.access.KafkaAccess;

/**
 * How far a sink has come, by what it has committed: what stands before that is written, or set aside.
 *
 * @param admin stays the caller's to close
 * @param connector the sink's name
 */
record SinkProgress(KafkaAccess kafka, Admin admin, String connector) {

    /** By partition, the offset behind what is written; without those that nothing is committed of. */
    Map<TopicPartition, Long> committed(Collection<TopicPartition> partitions) {
        return ask(new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
    }

    /** Whether it has not committed anything, ever or since its offsets were reset. */
    boolean isNowhere() {
        return ask(new ListConsumerGroupOffsetsSpec()).isEmpty();
    }

    private Map<TopicPartition, Long> ask(ListConsumerGroupOffsetsSpec asked) {
        String group = "connect-" + connector;
        return kafka.answer(admin.listConsumerGroupOffsets(Map.of(group, asked)).partitionsToOffsetAndMetadata(group))
                .entrySet().stream().filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
