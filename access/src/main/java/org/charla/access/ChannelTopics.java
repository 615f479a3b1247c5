package org.charla.access;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.charla.protocol.Positions;
import org.charla.protocol.Topics;

/**
 * Which topic each channel has by now, and where its positions begin: as the sink has noted it in MongoDB, or will note it
 * ({@link Positions}). While MongoDB does not say, they begin where they did when it last said something of the channel, or
 * with 0. Thread-safe.
 */
public final class ChannelTopics implements AutoCloseable {

    /** How long MongoDB is not asked again that did not answer. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final KafkaAccess kafka;
    private final Store store;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private volatile long storeSilentUntil = System.nanoTime();
    /** Made when it is needed first; guarded by this. */
    private Admin admin;

    /**
     * A channel's topic.
     *
     * @param id Kafka's; empty where the channel has none
     * @param base the position of its offset 0, or of that of the next one
     * @param noted whether MongoDB has said it
     */
    record Topic(Optional<Uuid> id, long base, boolean noted) {
    }

    /** @param store stays the caller's to close; null where there is none */
    public ChannelTopics(KafkaAccess kafka, Store store) {
        this.kafka = kafka;
        this.store = store;
    }

    /** MongoDB has just not answered: for some seconds it is not asked from here. */
    public void storeIsSilent() {
        storeSilentUntil = System.nanoTime() + PAUSE.toNanos();
    }

    /**
     * The channel's topic by now. Asks Kafka, and MongoDB where it has said nothing of this topic yet.
     *
     * @throws AccessFailure if Kafka doesn't answer
     */
    Topic of(String channel) {
        Optional<Uuid> id = id(describe(List.of(channel)).get(channel));
        Topic before = topics.get(channel);
        Topic now = before != null && before.noted() && id.isPresent() && before.id().equals(id) ? before
                : find(channel, id, before);
        topics.put(channel, now);
        return now;
    }

    /**
     * By how much positions in the channel's topic are above its offsets, as far as the sink has noted its topics.
     *
     * @throws AccessFailure if Kafka doesn't answer, or MongoDB
     */
    public long notedBase(String channel) {
        return store.topics(channel).isEmpty() ? 0 : of(channel).base();
    }

    /** What was found when the channel was asked for last; asks Kafka where it never was. */
    Topic known(String channel) {
        Topic known = topics.get(channel);
        return known != null ? known : of(channel);
    }

    /**
     * The ids of the channels' topics, without those that have none or may not be seen.
     *
     * @throws AccessFailure if Kafka doesn't answer
     */
    Map<String, Uuid> ids(Collection<String> channels) {
        Map<String, Uuid> ids = new HashMap<>();
        describe(channels).forEach((channel, answer) -> {
            try {
                id(answer).ifPresent(id -> ids.put(channel, id));
            } catch (AccessFailure e) {
                if (!(e.getCause() instanceof TopicAuthorizationException)) {
                    throw e;
                }
            }
        });
        return ids;
    }

    private Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> channels) {
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin().describeTopics(channels.stream().map(Topics::ofChannel).toList()).topicNameValues();
        return channels.stream().collect(Collectors.toMap(channel -> channel, channel -> answers.get(Topics.ofChannel(channel))));
    }

    private Optional<Uuid> id(KafkaFuture<TopicDescription> answer) {
        try {
            return Optional.of(kafka.answer(answer).topicId());
        } catch (AccessFailure e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Topic find(String channel, Optional<Uuid> id, Topic before) {
        if (store != null && System.nanoTime() - storeSilentUntil >= 0) {
            try {
                return new Topic(id, base(channel, id), true);
            } catch (ServerAway e) {
                storeIsSilent();
            } catch (AccessFailure e) {
                // It may be read but for this.
            }
        }
        if (before == null) {
            return new Topic(id, 0, false);
        }
        boolean isAnother = before.id().isPresent() && id.isPresent() && !before.id().equals(id);
        return new Topic(id, before.base() + (isAnother ? Positions.STEP : 0), false);
    }

    private long base(String channel, Optional<Uuid> id) {
        List<Store.Noted> noted = store.topics(channel);
        if (noted.isEmpty()) {
            OptionalLong newest = store.newest(channel);
            // The sink notes a topic before it writes: what it has written since, it has noted.
            noted = store.topics(channel);
            if (noted.isEmpty()) {
                // So others wrote it, who noted nothing; and not this topic, where it is behind its end.
                return newest.isPresent() && (id.isEmpty() || newest.getAsLong() >= end(channel)) ? Positions.base(1) : 0;
            }
        }
        return noted.stream().filter(topic -> id.isPresent() && topic.id().equals(id.get().toString()))
                .mapToLong(Store.Noted::base).findFirst().orElse(Positions.base(noted.size()));
    }

    private long end(String channel) {
        TopicPartition partition = new TopicPartition(Topics.ofChannel(channel), 0);
        return kafka.answer(admin().listOffsets(Map.of(partition, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).partitionResult(partition)).offset();
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = kafka.admin(KafkaAccess.PATIENCE);
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
