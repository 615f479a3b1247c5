package org.charla.connect.audit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.access.KafkaAccess;
import org.charla.client.terminal.CommandFailure;

/** What is committed in partitions, a part at a time. Not thread-safe. */
final class TopicLog implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int FETCHED_BYTES = 4 << 20;
    private static final int FETCHED_RECORDS = 5_000;

    private final KafkaAccess kafka;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;

    /** @throws org.charla.access.AccessFailure if Kafka's settings are not valid */
    TopicLog(KafkaAccess kafka) {
        this.kafka = kafka;
        this.consumer = kafka.consumer(Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCHED_BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCHED_BYTES,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, FETCHED_RECORDS));
    }

    /** The partitions of a topic; none where there is no such topic. */
    List<TopicPartition> partitions(String topic) {
        try {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /** The offset of the first record that is still there, or where it would be. */
    long begin(TopicPartition partition) {
        try {
            return consumer.beginningOffsets(Set.of(partition)).get(partition);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /** The offset behind the last record that anybody is shown. */
    long end(TopicPartition partition) {
        try {
            return consumer.endOffsets(Set.of(partition)).get(partition);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /** Told of records in their order. */
    interface Reader {

        /**
         * Takes the next ones.
         *
         * @param next the offset that is read next: nothing more comes that stands before it
         */
        void read(List<ConsumerRecord<byte[], byte[]>> records, long next);
    }

    /**
     * Reads a part of a partition, as far as it is still there.
     *
     * @throws CommandFailure if the topic was made anew meanwhile
     */
    void read(TopicPartition partition, long from, long to, Reader reader) {
        try {
            consumer.assign(Set.of(partition));
            consumer.seek(partition, from);
            long next = from;
            long progress = System.nanoTime();
            while (next < to) {
                List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
                long position = consumer.position(partition);
                if (position < next) {
                    throw new CommandFailure(partition.topic() + " was deleted and made anew meanwhile: try again");
                }
                if (position > next) {
                    next = position;
                    progress = System.nanoTime();
                    reader.read(records.stream().filter(record -> record.offset() < to).toList(), Math.min(next, to));
                } else if (System.nanoTime() - progress > KafkaAccess.PATIENCE.toNanos()) {
                    throw new TimeoutException("no records of " + partition);
                }
            }
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /**
     * Reads the records at some offsets, as far as they are there.
     *
     * @param offsets sorted, all in front of the end
     */
    void readAt(TopicPartition partition, List<Long> offsets, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        int first = 0;
        while (first < offsets.size()) {
            int behind = behindThoseNear(offsets, first);
            Set<Long> wanted = Set.copyOf(offsets.subList(first, behind));
            read(partition, offsets.get(first), offsets.get(behind - 1) + 1, (records, next) -> records.stream()
                    .filter(record -> wanted.contains(record.offset())).forEach(reader));
            first = behind;
        }
    }

    /** Behind those that follow one another so closely that reading on is quicker than asking again. */
    private static int behindThoseNear(List<Long> offsets, int first) {
        int behind = first + 1;
        while (behind < offsets.size() && offsets.get(behind) - offsets.get(behind - 1) <= FETCHED_RECORDS) {
            behind++;
        }
        return behind;
    }

    @Override
    public void close() {
        KafkaAccess.close(consumer);
    }
}
