package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.protocol.MalformedJsonException;

/**
 * The newest value of each key of a compacted topic that the streams app writes. Records that can't be read are left out:
 * anybody may have written them. Thread-safe.
 */
final class CompactedTopic<T> {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration GLANCE = Duration.ofMillis(100);

    /** Reads a value that is there. */
    interface Reader<T> {
        T read(byte[] value) throws MalformedJsonException;
    }

    private final KafkaAccess kafka;
    private final String topic;
    private final Reader<T> reader;
    private final Function<T, String> keyOf;

    /** @param keyOf the key that a value belongs to: what anybody wrote under another says nothing of that one */
    CompactedTopic(KafkaAccess kafka, String topic, Reader<T> reader, Function<T, String> keyOf) {
        this.kafka = kafka;
        this.topic = topic;
        this.reader = reader;
        this.keyOf = keyOf;
    }

    /** All values by their keys, as of now. */
    Map<String, T> all() {
        Map<String, T> values = new HashMap<>();
        try (Reading reading = new Reading(null, (key, value) -> {
            if (value == null) {
                values.remove(key);
            } else {
                values.put(key, value);
            }
        })) {
            reading.readAll();
        }
        return values;
    }

    /** The value of a key, as of now. */
    Optional<T> find(String key) {
        try (One one = new One(key)) {
            return one.find();
        }
    }

    /**
     * Waits until the value of a key has become what is wanted.
     *
     * @param wanted is asked of each value, and every now and then of the last one; empty: there is none
     * @return whether that is so; otherwise the time is over
     */
    boolean await(String key, Predicate<Optional<T>> wanted, Duration timeout) {
        try (One one = new One(key)) {
            return one.await(wanted, timeout);
        }
    }

    /** Tells of a record's key and value, where it can be read; null: there is no such value any more. */
    void tell(ConsumerRecord<byte[], byte[]> record, BiConsumer<String, T> listener) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), UTF_8);
        T value;
        try {
            value = record.value() == null ? null : reader.read(record.value());
        } catch (MalformedJsonException e) {
            return;
        }
        if (value == null || keyOf.apply(value).equals(key)) {
            listener.accept(key, value);
        }
    }

    /** One key, whose records are all in one partition. */
    private final class One implements AutoCloseable {

        private final Reading reading;
        private Optional<T> value = Optional.empty();

        private One(String wanted) {
            reading = new Reading(wanted.getBytes(UTF_8), (key, read) -> {
                if (key.equals(wanted)) {
                    value = Optional.ofNullable(read);
                }
            });
        }

        Optional<T> find() {
            reading.readAll();
            return value;
        }

        boolean await(Predicate<Optional<T>> wanted, Duration timeout) {
            long begin = System.nanoTime();
            reading.readAll();
            while (!wanted.test(value)) {
                if (System.nanoTime() - begin > timeout.toNanos()) {
                    return false;
                }
                reading.read(GLANCE);
            }
            return true;
        }

        @Override
        public void close() {
            reading.close();
        }
    }

    /** Reads the topic from its beginning. */
    private final class Reading implements AutoCloseable {

        private final BiConsumer<String, T> listener;
        private final Consumer<byte[], byte[]> consumer;
        private final List<TopicPartition> partitions;

        /** @param key whose partition alone is read; null: all are */
        private Reading(byte[] key, BiConsumer<String, T> listener) {
            this.listener = listener;
            this.consumer = kafka.consumer(Map.of());
            try {
                List<TopicPartition> all = KafkaAccess.partitionsOf(consumer, topic).stream()
                        .sorted(Comparator.comparingInt(TopicPartition::partition)).toList();
                this.partitions = key == null ? all
                        : List.of(all.get(BuiltInPartitioner.partitionForKey(key, all.size())));
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
            } catch (AccessFailure e) {
                close();
                throw e;
            } catch (KafkaException e) {
                close();
                throw kafka.failure(e);
            }
        }

        /** To where they end now. */
        void readAll() {
            try {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                long progress = System.nanoTime();
                long read = -1;
                while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                    read(POLL);
                    long readNow = partitions.stream().mapToLong(consumer::position).sum();
                    if (readNow > read) {
                        read = readNow;
                        progress = System.nanoTime();
                    } else if (System.nanoTime() - progress > KafkaAccess.PATIENCE.toNanos()) {
                        throw new TimeoutException("no records of " + topic);
                    }
                }
            } catch (KafkaException e) {
                throw kafka.failure(e);
            }
        }

        /** What comes within a while. */
        void read(Duration patience) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                    tell(record, listener);
                }
            } catch (KafkaException e) {
                throw kafka.failure(e);
            }
        }

        @Override
        public void close() {
            KafkaAccess.close(consumer);
        }
    }
}
