package org.charla.access;

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
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/** The users that have a profile, read from their compacted topic. */
public final class ExistingUsers {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaAccess kafka;

    public ExistingUsers(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    /** Their ids, as of now. */
    public Set<String> ids() {
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
        long read = -1;
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                note(record, ids);
            }
            long readNow = partitions.stream().mapToLong(consumer::position).sum();
            if (readNow > read) {
                read = readNow;
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > KafkaAccess.PATIENCE.toNanos()) {
                throw new TimeoutException("no records of " + Topics.USERS);
            }
        }
        return ids;
    }

    /** Records that are no users are left out: anybody may have written them. */
    private static void note(ConsumerRecord<byte[], byte[]> record, Set<String> ids) {
        if (record.key() == null) {
            return;
        }
        String id = new String(record.key(), UTF_8);
        if (record.value() == null) {
            ids.remove(id);
            return;
        }
        try {
            Wire.readUserProfile(record.value());
            ids.add(id);
        } catch (MalformedJsonException e) {
            // A profile that is sent once more than needed does no harm.
        }
    }
}
