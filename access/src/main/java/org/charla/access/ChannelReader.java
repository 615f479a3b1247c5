package org.charla.access;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/**
 * Reads channels from their topics: first the last messages, joined to those of the store by position and as they are by
 * now, then what arrives, with neither gap nor repeat. Open the channels first, then poll. Not thread-safe but for
 * {@link #wakeup}.
 */
public final class ChannelReader implements AutoCloseable {

    /** Room for the transaction markers between messages. */
    private static final int SMALLEST_WINDOW = 100;

    /** How far behind a page what changed its messages is looked for, where the sink has not come so far. */
    private static final long MOST_BEHIND = 20_000;

    /** How many changes are told of that the messages don't show with which a channel begins. */
    private static final int MOST_CHANGES = 200;

    private static final Duration POLL = Duration.ofSeconds(1);

    /** Told of a record that is no channel's: where it is, and why. */
    public interface Complaints {
        void unreadable(String where, String why);
    }

    private interface Reader {
        void read(PlacedRecord record);
    }

    private final KafkaAccess kafka;
    private final ChannelTopics topics;
    private final Complaints complaints;
    private final FollowedTopics followed;
    private final Consumer<byte[], byte[]> consumer;

    /** Where each channel goes on live. */
    private final Map<String, Long> next = new HashMap<>();

    /**
     * @param topics stays the caller's to close
     * @throws AccessFailure if Kafka's settings are not valid
     */
    public ChannelReader(KafkaAccess kafka, ChannelTopics topics, Complaints complaints) {
        this.kafka = kafka;
        this.topics = topics;
        this.complaints = complaints;
        this.followed = new FollowedTopics(topics);
        this.consumer = kafka.consumer(Map.of(), followed::metadataRead);
    }

    /** A channel's topic, of which everything is told in positions; without one it is empty. */
    private final class Topic {

        private final TopicPartition partition;
        private final boolean exists;
        private final long base;

        Topic(String channel) {
            partition = partition(channel);
            boolean isThere = !consumer.partitionsFor(partition.topic()).isEmpty();
            ChannelTopics.Topic found = topics.of(channel);
            exists = isThere && found.id().isPresent();
            base = found.base();
        }

        long begin() {
            return base + (exists ? consumer.beginningOffsets(Set.of(partition)).get(partition) : 0);
        }

        long end() {
            return base + (exists ? consumer.endOffsets(Set.of(partition)).get(partition) : 0);
        }

        void seek(long position) {
            consumer.assign(Set.of(partition));
            consumer.seek(partition, position - base);
        }

        /** Where the consumer is. */
        long position() {
            return base + consumer.position(partition);
        }
    }

    /**
     * What a channel begins with.
     *
     * @param exists whether the channel has a topic; one without is waited for
     * @param changes what happened since the first of these that they don't show: to other messages, and reactions that
     *                were taken back; the last ones, oldest first
     * @param next where the channel goes on live
     */
    public record Opened(boolean exists, List<PlacedMessage> last, List<PlacedRecord> changes, long next) {
    }

    /** @param changes what the messages don't show */
    private record Standing(List<PlacedMessage> messages, List<PlacedRecord> changes) {
    }

    /**
     * Opens a channel: its last messages, taken from the store as far as it goes and from the topic behind that.
     *
     * @param stored the last messages that the store had before this call, oldest first
     * @throws AccessFailure if Kafka doesn't answer
     * @throws WakeupException if it was woken up
     */
    public Opened open(String channel, int count, List<PlacedMessage> stored) {
        try {
            Topic topic = new Topic(channel);
            long end = topic.end();
            next.put(channel, end);
            Standing standing = topic.exists ? join(topic, count, stored, end, end)
                    : new Standing(last(count, stored), List.of());
            return new Opened(topic.exists, standing.messages(), standing.changes(), end);
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /**
     * A channel's last messages in front of a position, taken from the store as far as it goes and from the topic
     * behind that.
     *
     * @param stored the last messages that the store has in front of this position, oldest first
     * @throws AccessFailure if Kafka doesn't answer
     */
    List<PlacedMessage> before(String channel, long position, int count, List<PlacedMessage> stored) {
        try {
            Topic topic = new Topic(channel);
            if (!topic.exists) {
                return stored;
            }
            long end = topic.end();
            return join(topic, count, stored, Math.min(position, end), end).messages();
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /**
     * The message at this position, as it was sent; empty where the topic has none there.
     *
     * @throws AccessFailure if Kafka doesn't answer
     */
    Optional<PlacedMessage> at(String channel, long position) {
        try {
            Topic topic = new Topic(channel);
            return position < topic.begin() || position >= topic.end() ? Optional.empty()
                    : messages(topic, position, position + 1, 1).stream().findFirst();
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    /**
     * What somebody has not read of a part of a channel that the topic has.
     *
     * @throws AccessFailure if Kafka doesn't answer
     */
    Unread unread(String channel, String userId, Predicate<PlacedMessage> mentions, long from, long to) {
        try {
            Topic topic = new Topic(channel);
            AtomicLong others = new AtomicLong();
            AtomicBoolean mentioned = new AtomicBoolean();
            read(topic, Math.max(from, topic.begin()), Math.min(to, topic.end()), complaints, record -> record.message()
                    .filter(placed -> !placed.message().author().userId().equals(userId)).ifPresent(placed -> {
                        others.incrementAndGet();
                        mentioned.set(mentioned.get() || mentions.test(placed));
                    }));
            return new Unread(others.get(), mentioned.get());
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private Standing join(Topic topic, int count, List<PlacedMessage> stored, long end, long now) {
        long begin = topic.begin();
        long storedUpTo = stored.isEmpty() ? -1 : stored.get(stored.size() - 1).position();
        // Where nothing tells topics apart, a store that is ahead of this one remembers an earlier one.
        long floor = storedUpTo < end ? Math.max(begin, storedUpTo + 1) : begin;
        List<PlacedMessage> fromTopic = readBackwards(topic, floor, end, count);
        List<PlacedMessage> joined = last(count, Stream.concat(
                stored.stream().filter(placed -> placed.position() < floor || placed.position() >= end),
                fromTopic.stream()).toList());
        return asOfNow(topic, joined, begin, Math.min(now, end + MOST_BEHIND));
    }

    /** Offsets have holes, so that the window to look for messages in grows until there are enough. */
    private List<PlacedMessage> readBackwards(Topic topic, long floor, long end, int count) {
        List<PlacedMessage> found = new ArrayList<>();
        long to = end;
        long window = Math.max(2L * count, SMALLEST_WINDOW);
        while (found.size() < count && to > floor) {
            long from = Math.max(floor, to - window);
            found.addAll(0, messages(topic, from, to, count - found.size()));
            to = from;
            window *= 2;
        }
        return found;
    }

    /**
     * Messages after what changed them. The store has some of that, but it writes messages first: what it has is read once
     * more, which changes nothing.
     */
    private Standing asOfNow(Topic topic, List<PlacedMessage> messages, long begin, long now) {
        OptionalLong first = messages.stream().mapToLong(PlacedMessage::position).filter(position -> position < now).min();
        if (first.isEmpty()) {
            return new Standing(messages, List.of());
        }
        List<PlacedMessage> changed = new ArrayList<>(messages);
        Map<String, List<Integer>> indices = IntStream.range(0, changed.size()).boxed()
                .collect(Collectors.groupingBy(index -> changed.get(index).message().id()));
        Deque<PlacedRecord> unseen = new ArrayDeque<>();
        // What can't be read was complained of where messages were looked for.
        read(topic, Math.max(begin, first.getAsLong()), now, (where, why) -> { }, change ->
                change.target().ifPresent(target -> {
                    List<Integer> its = indices.getOrDefault(target, List.of());
                    its.forEach(index -> changed.set(index, changed.get(index).after(change)));
                    if (its.isEmpty() || change.takesBack()) {
                        addLast(unseen, change, MOST_CHANGES);
                    }
                }));
        return new Standing(changed, List.copyOf(unseen));
    }

    /** The last so many of a part of a topic, however many there are in it. */
    private List<PlacedMessage> messages(Topic topic, long from, long to, int count) {
        Deque<PlacedMessage> found = new ArrayDeque<>();
        read(topic, from, to, complaints,
                record -> record.message().ifPresent(placed -> addLast(found, placed, count)));
        return List.copyOf(found);
    }

    private static <T> void addLast(Deque<T> last, T one, int count) {
        if (last.size() == count) {
            last.removeFirst();
        }
        last.addLast(one);
    }

    private void read(Topic topic, long from, long to, Complaints complaints, Reader reader) {
        if (from >= to) {
            return;
        }
        topic.seek(from);
        long progress = System.nanoTime();
        for (long position = from; position < to; position = topic.position()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (topic.base + record.offset() < to) {
                    read(record, topic.base + record.offset(), complaints).ifPresent(reader::read);
                }
            }
            if (topic.position() > position) {
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > KafkaAccess.PATIENCE.toNanos()) {
                throw new TimeoutException("no records of " + topic.partition);
            }
        }
    }

    /** Begins to follow the opened channels live, each from where its opening ended. */
    public void follow() {
        consumer.assign(next.keySet().stream().map(ChannelReader::partition).toList());
        next.forEach((channel, position) -> {
            followed.follow(channel);
            consumer.seek(partition(channel), followed.offset(channel, position));
        });
    }

    private static TopicPartition partition(String channel) {
        return new TopicPartition(Topics.ofChannel(channel), 0);
    }

    /**
     * Waits for records for a second at most. A topic that has come in another's place is read from its beginning.
     *
     * @throws WakeupException if it was woken up
     */
    public List<PlacedRecord> poll() {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (polled.isEmpty()) {
                return List.of();
            }
            Set<String> replaced = replaced(polled);
            List<PlacedRecord> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                String channel = Topics.channelOf(record.topic()).orElseThrow();
                if (!replaced.contains(channel)) {
                    read(record, followed.position(channel, record.offset()), complaints).ifPresent(records::add);
                }
            }
            return records;
        } catch (ServerAway e) {
            // As for records: it is waited for.
            return List.of();
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private Set<String> replaced(ConsumerRecords<byte[], byte[]> polled) {
        try {
            Set<String> replaced = followed.replaced(polled.partitions().stream()
                    .map(partition -> Topics.channelOf(partition.topic()).orElseThrow()).collect(Collectors.toSet()));
            for (String channel : replaced) {
                followed.followAnew(channel);
                consumer.seek(partition(channel), 0);
            }
            return replaced;
        } catch (AccessFailure e) {
            KafkaAccess.unread(consumer, polled);
            throw e;
        }
    }

    /** What a record of a channel's topic holds; empty where its type is unknown, or it is to be complained of. */
    static Optional<PlacedRecord> read(ConsumerRecord<byte[], byte[]> record, long position, Complaints complaints) {
        try {
            return Wire.readChannelRecord(record.value()).map(read -> new PlacedRecord(position, read));
        } catch (MalformedJsonException e) {
            complaints.unreadable("position " + position + " of " + record.topic(), e.getMessage());
            return Optional.empty();
        }
    }

    private static List<PlacedMessage> last(int count, List<PlacedMessage> messages) {
        return messages.subList(Math.max(0, messages.size() - count), messages.size());
    }

    /** Ends a call that waits, or the next one, by a {@link WakeupException}. May be called from any thread. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        KafkaAccess.close(consumer);
    }
}
