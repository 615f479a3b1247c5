package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.protocol.Topics;

/** The users that have a profile, read from their compacted topic. */
final class ExistingUsers {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaAccess kafka;

    ExistingUsers(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    /** Their ids, as of now. */
    Set<String> ids() {
        Consumer<byte[], byte[]> consumer = kafka.consumer(Map.of());
        try {
            return read(consumer);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        } finally {
            KafkaAccess.close(consumer);
        }
    }

    private static Set<String> read(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = KafkaAccess.partitionsOf(consumer, Topics.USERS);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Set<String> ids = new HashSet<>();
        long progress = System.nanoTime();
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                progress = System.nanoTime();
                String id = new String(record.key(), UTF_8);
                if (record.value() == null) {
                    ids.remove(id);
                } else {
                    ids.add(id);
                }
            }
            if (System.nanoTime() - progress > KafkaAccess.PATIENCE.toNanos()) {
                throw new TimeoutException("no records of " + Topics.USERS);
            }
        }
        return ids;
    }
}
