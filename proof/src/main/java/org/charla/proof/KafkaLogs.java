package org.charla.proof;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topics of a cluster, and of chat.raw also what was archived before it was deleted. Not thread-safe. */
final class KafkaLogs implements Logs, AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Behind the last record may be what is no record: a poll comes back with nothing then. */
    private static final Duration POLL = Duration.ofMillis(20);

    private final Archive archive;
    private final Map<String, TopicDescription> topics;
    private final KafkaConsumer<byte[], byte[]> consumer;

    KafkaLogs(String bootstrapServers, Archive archive) throws InterruptedException {
        this.archive = archive;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the cluster doesn't tell its topics", e.getCause());
        }
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed", "enable.auto.commit", "false",
                "auto.offset.reset", "none", "max.poll.records", "5000",
                // For each topic it asks the brokers anew who leads it, no sooner again than after this, and where it
                // begins, behind the fetch that waits at the end of the one before.
                "retry.backoff.ms", "1", "fetch.max.wait.ms", "5"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Set<String> topics() {
        return topics.keySet();
    }

    @Override
    public int partitions(String topic) {
        return topics.get(topic).partitions().size();
    }

    @Override
    public String id(String topic) {
        return topics.get(topic).topicId().toString();
    }

    @Override
    public void read(String topic, int number, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        if (topic.equals(Oracle.RAW)) {
            archive.read(number, reader);
        }
        TopicPartition partition = new TopicPartition(topic, number);
        read(consumer, Map.of(partition, consumer.beginningOffsets(List.of(partition), LIMIT).get(partition)), reader);
    }

    /** Reads from these offsets up to what is there now. */
    static void read(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        read(consumer, from, consumer.endOffsets(from.keySet(), LIMIT), reader);
    }

    /** Reads from these offsets up to those. */
    static void read(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<TopicPartition, Long> left = new HashMap<>(to);
        left.entrySet().removeIf(end -> end.getValue() <= from.get(end.getKey()));
        consumer.assign(left.keySet());
        consumer.resume(left.keySet());
        left.keySet().forEach(partition -> consumer.seek(partition, from.get(partition)));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!left.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Long end = left.get(new TopicPartition(record.topic(), record.partition()));
                if (end != null && record.offset() < end) {
                    reader.accept(record);
                }
                deadline = System.nanoTime() + LIMIT.toNanos();
            }
            left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            consumer.pause(consumer.assignment().stream().filter(partition -> !left.containsKey(partition)).toList());
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing more comes of " + left.keySet());
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
