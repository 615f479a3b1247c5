package org.charla.benchmark.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * The ids that were accepted within an hour and the users' names, in maps. After a start they come back from a changelog
 * topic; without one, from {@code chat.users} and the last hour of {@code chat.raw}. For one thread.
 */
final class LoopState {

    private static final long WINDOW_MS = Duration.ofHours(1).toMillis();
    /** In front of a user id in the changelog; an id of a message has none of it. */
    private static final String PROFILE = "\n";

    private final String bootstrapServers;
    /** Null where there is none. */
    private final String changelog;
    private final KafkaProducer<byte[], byte[]> producer;
    /** By partition; the oldest are first. */
    private final Map<Integer, LinkedHashMap<String, Long>> accepted = new HashMap<>();
    private final Map<String, String> displayNames = new HashMap<>();

    private LoopState(String bootstrapServers, String changelog, KafkaProducer<byte[], byte[]> producer) {
        this.bootstrapServers = bootstrapServers;
        this.changelog = changelog;
        this.producer = producer;
    }

    /** Makes the changelog where it is missing; changes go through the producer, in its transaction. */
    static LoopState withChangelog(String bootstrapServers, String topic, KafkaProducer<byte[], byte[]> producer) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            int partitions = admin.describeTopics(List.of(Topics.RAW)).allTopicNames().get().get(Topics.RAW)
                    .partitions().size();
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) -1).configs(Map.of(
                    "cleanup.policy", "compact,delete", "retention.ms", String.valueOf(2 * WINDOW_MS))))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new LoopState(bootstrapServers, topic, producer);
    }

    static LoopState rebuilt(String bootstrapServers) {
        return new LoopState(bootstrapServers, null, null);
    }

    boolean isKnown(int partition, String id, long now) {
        Long at = accepted.get(partition).get(id);
        return at != null && at >= now - WINDOW_MS;
    }

    void remember(int partition, String id, long now) {
        put(partition, id, now);
        if (changelog != null) {
            producer.send(new ProducerRecord<>(changelog, partition, now, id.getBytes(UTF_8),
                    ByteBuffer.allocate(Long.BYTES).putLong(now).array()));
        }
    }

    private void put(int partition, String id, long at) {
        LinkedHashMap<String, Long> ids = accepted.computeIfAbsent(partition, none -> new LinkedHashMap<>());
        ids.put(id, at);
        Iterator<Long> oldest = ids.values().iterator();
        while (oldest.next() < at - WINDOW_MS) {
            oldest.remove();
        }
    }

    /** Null where the user has no profile. */
    String displayName(String userId) {
        return displayNames.get(userId);
    }

    void profile(int partition, String userId, String displayName) {
        displayNames.put(userId, displayName);
        if (changelog != null) {
            producer.send(new ProducerRecord<>(changelog, partition, (PROFILE + userId).getBytes(UTF_8),
                    displayName == null ? null : displayName.getBytes(UTF_8)));
        }
    }

    /** Brings back what was remembered up to this offset of a partition of {@code chat.raw}. */
    void restore(TopicPartition raw, long position) {
        int partition = raw.partition();
        accepted.put(partition, new LinkedHashMap<>());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed", "max.poll.records", "10000"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (changelog != null) {
                TopicPartition changes = new TopicPartition(changelog, partition);
                read(consumer, changes, 0, end(consumer, changes), this::restoreChange);
                return;
            }
            int partitions = consumer.partitionsFor(Topics.RAW).size();
            TopicPartition users = new TopicPartition(Topics.USERS, partition);
            read(consumer, users, 0, end(consumer, users), this::restoreUser);
            OffsetAndTimestamp hourAgo = consumer.offsetsForTimes(
                    Map.of(raw, System.currentTimeMillis() - WINDOW_MS)).get(raw);
            if (hourAgo != null) {
                read(consumer, raw, hourAgo.offset(), position, record -> restoreEvent(record, partitions));
            }
        }
    }

    private static long end(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    private static void read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long from, long to,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if (record.offset() < to) {
                    reader.accept(record);
                }
            }
        }
    }

    private void restoreChange(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), UTF_8);
        if (key.startsWith(PROFILE)) {
            displayNames.put(key.substring(PROFILE.length()),
                    record.value() == null ? null : new String(record.value(), UTF_8));
        } else {
            put(record.partition(), key, ByteBuffer.wrap(record.value()).getLong());
        }
    }

    private void restoreUser(ConsumerRecord<byte[], byte[]> record) {
        UserProfile profile = Wire.userProfileSerde().deserializer().deserialize(record.topic(), record.value());
        displayNames.put(new String(record.key(), UTF_8), profile == null ? null : profile.displayName());
    }

    private void restoreEvent(ConsumerRecord<byte[], byte[]> record, int partitions) {
        if (EventRules.judge(record.key(), record.value(), record.timestamp(), record.partition(), partitions)
                instanceof Judgement.Accepted accepted) {
            put(record.partition(), ChannelRecord.id(accepted.event().userId(), accepted.event().messageId()),
                    record.timestamp());
        }
    }
}
