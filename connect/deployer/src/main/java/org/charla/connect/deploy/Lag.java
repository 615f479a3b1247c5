package org.charla.connect.deploy;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How many records sinks are behind what is committed in Kafka. Connect's REST API knows how far a sink is, not how far
 * it has to go.
 */
final class Lag {

    private static final Duration LIMIT = Duration.ofSeconds(4);

    private final Map<String, String> kafka;

    /** @param kafka client settings with {@code bootstrap.servers} */
    Lag(Map<String, String> kafka) {
        this.kafka = kafka;
    }

    /**
     * The lag of sinks: records, or transaction markers among them, that are not yet written.
     *
     * @return by connector; without those that have not committed anything yet
     * @throws DeployException if Kafka does not tell
     */
    Map<String, Long> of(Collection<ConnectRest.Info> sinks) {
        Map<String, String> groups = sinks.stream().collect(Collectors.toMap(ConnectRest.Info::name, Lag::group));
        try (Admin admin = Admin.create(config())) {
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = admin
                    .listConsumerGroupOffsets(new HashSet<>(groups.values()).stream()
                            .collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec())))
                    .all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            committed.values().forEach(offsets -> offsets.values().removeIf(Objects::isNull));
            Map<TopicPartition, Long> ends = ends(admin, committed.values().stream()
                    .flatMap(offsets -> offsets.keySet().stream()).collect(Collectors.toSet()));
            Map<String, Long> lags = new HashMap<>();
            groups.forEach((connector, group) -> {
                Map<TopicPartition, OffsetAndMetadata> offsets = committed.get(group);
                if (!offsets.isEmpty()) {
                    lags.put(connector, lag(offsets, ends));
                }
            });
            return lags;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new DeployException("Kafka does not tell the lag (--bootstrap-servers)" + why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException("interrupted");
        }
    }

    /** What is at the bottom of it: a certificate, a password, a permission. */
    private static String why(Throwable e) {
        if (e.getCause() != null) {
            return why(e.getCause());
        }
        return e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse("");
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        ListOffsetsResult result = admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                ends.put(partition, result.partitionResult(partition).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .offset());
            } catch (ExecutionException e) {
                // A topic that was removed has nothing left to be written.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return ends;
    }

    private long lag(Map<TopicPartition, OffsetAndMetadata> offsets, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> behind = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            long lag = ends.getOrDefault(partition, 0L) - offset.offset();
            if (lag > 0) {
                behind.put(partition, lag);
            }
        });
        if (!behind.isEmpty()) {
            removeMarkersOnly(behind, offsets, ends);
        }
        return behind.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A sink at rest stands before the marker of the last transaction, which is no record: it is not behind. */
    private void removeMarkersOnly(Map<TopicPartition, Long> behind, Map<TopicPartition, OffsetAndMetadata> offsets,
            Map<TopicPartition, Long> ends) {
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(behind.keySet());
            behind.keySet().forEach(partition -> consumer.seek(partition, offsets.get(partition).offset()));
            Set<TopicPartition> open = new HashSet<>(behind.keySet());
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!open.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (open.remove(partition)) {
                        consumer.pause(Set.of(partition));
                    }
                }
                open.removeIf(partition -> {
                    boolean atEnd = consumer.position(partition) >= ends.get(partition);
                    if (atEnd) {
                        behind.remove(partition);
                    }
                    return atEnd;
                });
            }
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "charla-connectors");
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        config.putAll(kafka);
        config.remove(CommonClientConfigs.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Whether there is a record is all that matters.
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 10);
        return config;
    }

    private static String group(ConnectRest.Info sink) {
        return sink.config().getOrDefault("consumer.override.group.id", "connect-" + sink.name());
    }
}
