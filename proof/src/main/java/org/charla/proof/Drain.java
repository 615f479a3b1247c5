package org.charla.proof;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Waits until all that was written is through the pipeline and the sinks. */
final class Drain {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    /** A group that is so far behind has something to do: markers of transactions alone are never that many. */
    private static final long MANY = 20_000;
    private static final Map<String, String> SINKS = Map.of("connect-users-sink", Oracle.USERS,
            "connect-channels-sink", Oracle.CHANNELS, "connect-channel-messages-sink", Oracle.CHANNEL);

    private final Cluster cluster;
    private int restartedTasks;

    Drain(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Tasks that had failed and didn't run again by themselves. */
    int restartedTasks() {
        return restartedTasks;
    }

    void await() throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "none",
                        "enable.auto.commit", "false", "isolation.level", "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Cluster.await("all through the streams app", LIMIT,
                    () -> isThrough(consumer, Cluster.APPLICATION, Oracle.RAW)
                            && isThrough(consumer, Cluster.CHANNELS_APPLICATION, Cluster.REQUESTS));
            Cluster.await("the connectors' tasks run", LIMIT, this::tasksRun);
            for (Map.Entry<String, String> sink : SINKS.entrySet()) {
                Cluster.await("all through " + sink.getKey(), LIMIT,
                        () -> tasksRun() && isThrough(consumer, sink.getKey(), sink.getValue()));
            }
        }
    }

    private boolean tasksRun() throws Exception {
        List<String> failed = cluster.failedTasks();
        long ended = failed.stream().filter(task -> task.contains(" FAILED")).count();
        if (ended > 0) {
            restartedTasks += (int) ended;
            System.out.println("  " + failed);
            cluster.restartFailedTasks();
        }
        return failed.isEmpty();
    }

    /** Whether there is no record behind what the group has committed in the topics that begin so. */
    private boolean isThrough(KafkaConsumer<byte[], byte[]> consumer, String group, String topics)
            throws ExecutionException, InterruptedException {
        Set<String> names = cluster.admin().listTopics().names().get().stream()
                .filter(name -> topics.endsWith(".") ? name.startsWith(topics) : name.equals(topics))
                .collect(Collectors.toSet());
        Set<TopicPartition> partitions = cluster.admin().describeTopics(names).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
        Map<TopicPartition, OffsetAndMetadata> committed =
                cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        Map<TopicPartition, Long> from = new HashMap<>(consumer.beginningOffsets(partitions));
        from.replaceAll((partition, begin) -> committed.get(partition) == null ? begin
                : Math.max(begin, committed.get(partition).offset()));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        if (ends.entrySet().stream().mapToLong(end -> end.getValue() - from.get(end.getKey())).sum() > MANY) {
            return false;
        }
        long[] left = {0};
        KafkaLogs.read(consumer, from, record -> left[0]++);
        return left[0] == 0;
    }
}
