package org.charla.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Topics;

/**
 * Follows channels, what holds in them and what is refused in a thread of its own, for as long as it takes: a Kafka that
 * goes away is waited for, and each channel goes on where it was. Kafka counts as reached only when it answers a question,
 * and refusals are watched from the first such answer on.
 */
public final class LiveFeed implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    /** How long Kafka may be silent before it is asked whether it is there, and how long for the answer. */
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    /** For many channels: little at a time, since what is fetched stands in memory, for each of them. */
    private static final Map<String, Object> OF_MANY = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 128 << 10,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");

    /** What is heard; called in the thread of the feed, which goes on when the call returns. */
    public interface Listener extends ChannelReader.Complaints {

        /** Kafka answers. */
        default void connected() {
        }

        /** Kafka does not answer for now, or has none of the streams app's topics: it is waited for. */
        default void disconnected(Connection why) {
        }

        /** Records of a followed channel, in order. */
        void arrived(String channel, List<PlacedRecord> records);

        /** What holds in a channel, whether it is followed or not: what does so when Kafka is reached, then each change. */
        default void ruled(ChannelRules rules) {
        }

        /** What holds in channels may not be read. */
        default void rulesDenied() {
        }

        /**
         * The channel's topic does not have the position where it was followed, or is another one than before, and it is
         * followed no more.
         */
        default void lost(String channel) {
        }

        /** The channel's topic may not be read, and it is followed no more. */
        void denied(String channel, AccessFailure why);

        /** A record of {@link Topics#REFUSALS}, whosever event was refused. */
        void refused(ConsumerRecord<byte[], byte[]> record);

        /** Nothing more will be heard. */
        void failed(AccessFailure failure);
    }

    private final KafkaAccess kafka;
    private final Listener listener;
    private final FollowedTopics followed;
    /** Whether a channel whose topic is made anew is followed from its beginning; otherwise it is lost. */
    private final boolean goesOnAnew;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "charla-live-feed");
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What is to be followed from now on; null when that has been seen to. */
    private final AtomicReference<Map<String, Long>> wanted = new AtomicReference<>();

    private final ExistingRules existingRules;

    private List<TopicPartition> refusals = List.of();
    /** None where rules are not asked for, may not be read, or the streams app is a version that knows none. */
    private List<TopicPartition> rules = List.of();
    private boolean connected;
    private long heard;

    /**
     * Begins when it is started.
     *
     * @param topics stays the caller's to close
     */
    public LiveFeed(KafkaAccess kafka, ChannelTopics topics, Listener listener) {
        this(kafka, topics, listener, false, OF_MANY);
    }

    private LiveFeed(KafkaAccess kafka, ChannelTopics topics, Listener listener, boolean goesOnAnew,
            Map<String, Object> tuning) {
        this.kafka = kafka;
        this.listener = listener;
        this.followed = new FollowedTopics(topics);
        this.goesOnAnew = goesOnAnew;
        this.existingRules = new ExistingRules(kafka);
        this.consumer = kafka.consumer(tuning, followed::metadataRead);
        thread.setDaemon(true);
    }

    /** Begins to hear as soon as Kafka answers; follows what {@link #follow} says. */
    public void start() {
        thread.start();
    }

    /**
     * Begins to follow a channel from where it ends now, and to hear what is refused from now on. One that is made anew
     * is followed from its beginning.
     *
     * @param topics stays the caller's to close; null where positions are not wanted: then they are offsets
     * @param channel one that may have no topic yet; where the name is no channel's, refusals are heard alone
     * @throws AccessFailure if Kafka doesn't answer, or the streams app has not made its topics
     */
    public static LiveFeed fromNow(KafkaAccess kafka, ChannelTopics topics, String channel, Listener listener) {
        LiveFeed feed = new LiveFeed(kafka, topics, listener, true, Map.of());
        try {
            feed.takePositions(channel);
        } catch (AccessFailure e) {
            KafkaAccess.close(feed.consumer);
            throw e;
        } catch (KafkaException e) {
            KafkaAccess.close(feed.consumer);
            throw kafka.failure(e);
        }
        feed.start();
        return feed;
    }

    private void takePositions(String channel) {
        List<TopicPartition> refused = KafkaAccess.partitionsOf(consumer, Topics.REFUSALS);
        List<TopicPartition> existing = new ArrayList<>(refused);
        List<TopicPartition> fromTheStart = new ArrayList<>();
        if (Topics.isChannelName(channel)) {
            TopicPartition partition = partition(channel);
            (consumer.partitionsFor(partition.topic()).isEmpty() ? fromTheStart : existing).add(partition);
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(existing);
        consumer.assign(Stream.concat(existing.stream(), fromTheStart.stream()).toList());
        ends.forEach(consumer::seek);
        fromTheStart.forEach(partition -> consumer.seek(partition, 0));
        refusals = refused;
        connected = true;
        heard = System.nanoTime();
    }

    /**
     * Follows these channels and no others. One that is followed already goes on where it is. Thread-safe.
     *
     * @param positions where each begins
     */
    public void follow(Map<String, Long> positions) {
        wanted.set(Map.copyOf(positions));
        consumer.wakeup();
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                step();
            }
        } catch (KafkaException e) {
            listener.failed(kafka.failure(e));
        } catch (AccessFailure e) {
            listener.failed(e);
        } catch (OutOfMemoryError e) {
            // Kafka's client believes the length that it reads, and where TLS is spoken that is 336 MiB.
            listener.failed(kafka.failure(new TimeoutException("what answers is no Kafka without TLS", e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (closed.getCount() > 0) {
                listener.failed(new AccessFailure("unexpected " + e, e));
            }
        } finally {
            KafkaAccess.close(consumer);
        }
    }

    private void step() throws InterruptedException {
        try {
            if (!connected) {
                connect();
                return;
            }
            assign();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                heard = System.nanoTime();
                hand(records);
            } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
                consumer.endOffsets(refusals, ANSWER);
                heard = System.nanoTime();
            }
        } catch (WakeupException e) {
            // There is something else to do.
        } catch (OffsetOutOfRangeException e) {
            lose(e.offsetOutOfRangePartitions().keySet());
        } catch (TopicAuthorizationException e) {
            leaveOut(e);
        } catch (RetriableException | ServerAway e) {
            connected = false;
            listener.disconnected(Connection.DOWN);
        }
    }

    private void connect() throws InterruptedException {
        if (refusals.isEmpty()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REFUSALS, FIRST_ANSWER).stream()
                    .map(partition -> new TopicPartition(Topics.REFUSALS, partition.partition())).toList();
            if (partitions.isEmpty()) {
                listener.disconnected(Connection.NO_PIPELINE);
                closed.await(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
            rules = partitionsOfRules();
            consumer.assign(Stream.concat(partitions.stream(), rules.stream()).toList());
            ends.forEach(consumer::seek);
            beginAnew(rules);
            refusals = partitions;
        } else {
            consumer.endOffsets(refusals, ANSWER);
        }
        connected = true;
        heard = System.nanoTime();
        listener.connected();
    }

    private List<TopicPartition> partitionsOfRules() {
        try {
            return consumer.partitionsFor(Topics.CHANNELS, FIRST_ANSWER).stream()
                    .map(partition -> new TopicPartition(Topics.CHANNELS, partition.partition())).toList();
        } catch (TopicAuthorizationException e) {
            listener.rulesDenied();
            return List.of();
        }
    }

    private void assign() {
        Map<String, Long> positions = wanted.get();
        if (positions == null) {
            return;
        }
        // Also of those that are followed already: it may be known by now where their positions begin.
        positions.keySet().forEach(followed::follow);
        if (wanted.compareAndSet(positions, null)) {
            Set<TopicPartition> before = consumer.assignment();
            consumer.assign(Stream.of(refusals, rules, positions.keySet().stream().map(LiveFeed::partition).toList())
                    .flatMap(Collection::stream).toList());
            followed.retain(positions.keySet());
            positions.forEach((channel, position) -> {
                if (!before.contains(partition(channel))) {
                    consumer.seek(partition(channel), followed.offset(channel, position));
                }
            });
        }
    }

    private static TopicPartition partition(String channel) {
        return new TopicPartition(Topics.ofChannel(channel), 0);
    }

    private void lose(Set<TopicPartition> partitions) {
        // What was refused meanwhile is gone; what is refused from now on is not.
        beginAnew(partitions.stream().filter(this::isOfNoChannel).toList());
        Set<String> topics = partitions.stream().filter(partition -> !isOfNoChannel(partition))
                .map(TopicPartition::topic).collect(Collectors.toSet());
        stopFollowing(topics);
        topics.forEach(topic -> Topics.channelOf(topic).ifPresent(listener::lost));
    }

    /** For Kafka's client no partitions are all of them. */
    private void beginAnew(List<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            consumer.seekToBeginning(partitions);
        }
    }

    private boolean isOfNoChannel(TopicPartition partition) {
        return refusals.contains(partition) || rules.contains(partition);
    }

    private void leaveOut(TopicAuthorizationException e) {
        Set<String> topics = e.unauthorizedTopics();
        if (!connected || topics.contains(Topics.REFUSALS)) {
            throw e;
        }
        if (topics.contains(Topics.CHANNELS)) {
            rules = List.of();
            listener.rulesDenied();
        }
        stopFollowing(topics);
        topics.forEach(topic -> Topics.channelOf(topic)
                .ifPresent(channel -> listener.denied(channel, kafka.failure(e))));
    }

    /** Those whose topics are others than before, and of which nothing is to be handed. */
    private Set<String> replaced(ConsumerRecords<byte[], byte[]> records) {
        Set<String> replaced;
        try {
            replaced = followed.replaced(records.partitions().stream().map(partition -> Topics.channelOf(partition.topic()))
                    .flatMap(Optional::stream).collect(Collectors.toSet()));
            if (goesOnAnew) {
                replaced.forEach(followed::followAnew);
            }
        } catch (AccessFailure e) {
            KafkaAccess.unread(consumer, records);
            throw e;
        }
        if (goesOnAnew) {
            replaced.forEach(channel -> consumer.seek(partition(channel), 0));
        } else if (!replaced.isEmpty()) {
            lose(replaced.stream().map(LiveFeed::partition).collect(Collectors.toSet()));
        }
        return replaced;
    }

    private void stopFollowing(Set<String> topics) {
        consumer.assign(consumer.assignment().stream().filter(partition -> !topics.contains(partition.topic())).toList());
        topics.forEach(topic -> Topics.channelOf(topic).ifPresent(followed::forget));
    }

    private void hand(ConsumerRecords<byte[], byte[]> records) {
        Set<String> replaced = replaced(records);
        Map<String, List<PlacedRecord>> arrived = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Optional<String> channel = Topics.channelOf(record.topic());
            if (channel.isPresent() && replaced.contains(channel.get())) {
                continue;
            }
            if (channel.isPresent()) {
                List<PlacedRecord> ofChannel = arrived.computeIfAbsent(channel.get(), name -> new ArrayList<>());
                ChannelReader.read(record, followed.position(channel.get(), record.offset()), listener)
                        .ifPresent(ofChannel::add);
            } else if (record.topic().equals(Topics.CHANNELS)) {
                existingRules.tell(record, listener::ruled);
            } else {
                listener.refused(record);
            }
        }
        arrived.forEach(listener::arrived);
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
    }
}
