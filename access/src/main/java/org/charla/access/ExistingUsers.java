package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/** The users that have a profile, read from their compacted topic. */
public final class ExistingUsers {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final KafkaAccess kafka;

    public ExistingUsers(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    /** All of them by their ids, as of now. */
    public Map<String, UserProfile> all() {
        Map<String, UserProfile> users = new HashMap<>();
        try (Reading reading = new Reading(partitions -> partitions, (id, user) -> {
            if (user == null) {
                users.remove(id);
            } else {
                users.put(id, user);
            }
        })) {
            reading.readAll();
        }
        return users;
    }

    /** The one of this id, as of now. */
    public Optional<UserProfile> find(String userId) {
        try (One one = new One(userId)) {
            return one.find();
        }
    }

    /**
     * Waits until a user has become what is wanted.
     *
     * @param wanted is asked of each state of the user, and every now and then of the last one; empty: no such user
     * @return whether that is so; otherwise the time is over
     */
    public boolean await(String userId, Predicate<Optional<UserProfile>> wanted, Duration timeout) {
        try (One one = new One(userId)) {
            return one.await(wanted, timeout);
        }
    }

    /** One user, whose records are all in the partition that the id has as a key. */
    private final class One implements AutoCloseable {

        private final Reading reading;
        private Optional<UserProfile> user = Optional.empty();

        private One(String userId) {
            byte[] key = userId.getBytes(UTF_8);
            reading = new Reading(
                    partitions -> List.of(partitions.get(BuiltInPartitioner.partitionForKey(key, partitions.size()))),
                    (id, profile) -> {
                        if (id.equals(userId)) {
                            user = Optional.ofNullable(profile);
                        }
                    });
        }

        Optional<UserProfile> find() {
            reading.readAll();
            return user;
        }

        boolean await(Predicate<Optional<UserProfile>> wanted, Duration timeout) {
            long begin = System.nanoTime();
            reading.readAll();
            while (!wanted.test(user)) {
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

    /** Reads partitions of the topic from their beginning. */
    private final class Reading implements AutoCloseable {

        private final BiConsumer<String, UserProfile> reader;
        private final Consumer<byte[], byte[]> consumer;
        private final List<TopicPartition> partitions;

        /** @param reader is told of each user's newest profile so far; null: it is removed */
        private Reading(UnaryOperator<List<TopicPartition>> choice, BiConsumer<String, UserProfile> reader) {
            this.reader = reader;
            this.consumer = kafka.consumer(Map.of());
            try {
                this.partitions = choice.apply(KafkaAccess.partitionsOf(consumer, Topics.USERS).stream()
                        .sorted(Comparator.comparingInt(TopicPartition::partition)).toList());
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
                        throw new TimeoutException("no records of " + Topics.USERS);
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
                    tell(record);
                }
            } catch (KafkaException e) {
                throw kafka.failure(e);
            }
        }

        /** Records that are no users are left out: anybody may have written them. */
        private void tell(ConsumerRecord<byte[], byte[]> record) {
            if (record.key() == null) {
                return;
            }
            String id = new String(record.key(), UTF_8);
            try {
                reader.accept(id, record.value() == null ? null : Wire.readUserProfile(record.value()));
            } catch (MalformedJsonException e) {
                // A profile that is sent once more than needed does no harm.
            }
        }

        @Override
        public void close() {
            KafkaAccess.close(consumer);
        }
    }
}
