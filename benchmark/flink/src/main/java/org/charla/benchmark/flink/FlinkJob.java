package org.charla.benchmark.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.charla.protocol.Topics;

/**
 * The job in a cluster of this process: {@code FlinkJob BOOTSTRAP_SERVERS GROUP FOLDER [CHECKPOINT_INTERVAL_MS]}. What
 * it writes can be read once a checkpoint is complete. The channels' topics must be there. An error ends it; started
 * again with the same folder it goes on from the last complete checkpoint.
 */
public final class FlinkJob {

    /** As many as the machine that it was tuned on has cores. */
    private static final int PARALLELISM = 2;
    /** Where throughput counts. Longer ones gave no more; at 100 each event cost half as much again. */
    private static final long DEFAULT_INTERVAL_MS = 1_000;
    private static final String CHECKPOINT = "chk-";

    private FlinkJob() {
    }

    public static void main(String[] arguments) throws Exception {
        String bootstrapServers = arguments[0];
        String group = arguments[1];
        Path folder = Path.of(arguments[2]).toAbsolutePath();
        Duration interval =
                Duration.ofMillis(arguments.length > 3 ? Long.parseLong(arguments[3]) : DEFAULT_INTERVAL_MS);

        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, settings(folder, interval));
        environment.fromSource(source(bootstrapServers, group), WatermarkStrategy.noWatermarks(), "raw-events")
                .uid("raw-events")
                .keyBy(RawRecord::userId)
                .process(new ChatFunction(rawPartitions(bootstrapServers))).uid("chat")
                .sinkTo(sink(bootstrapServers, group)).uid("records");
        environment.execute("chat");
    }

    private static Configuration settings(Path folder, Duration interval) throws IOException {
        Path checkpoints = Files.createDirectories(folder.resolve("checkpoints"));
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(10));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        // The heap backend writes all remembered ids at each checkpoint, this one only what is new.
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        // Nearly all ids that are looked for are new.
        settings.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        lastCheckpoint(checkpoints).ifPresent(last -> {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, last.toUri().toString());
            settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
        return settings;
    }

    /** The last complete one of all runs: each run goes on with the numbers of the one before. */
    private static Optional<Path> lastCheckpoint(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints, 3)) {
            return files.filter(file -> file.endsWith("_metadata")).map(Path::getParent)
                    .max(Comparator.comparingLong(FlinkJob::number));
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring(CHECKPOINT.length()));
    }

    private static KafkaSource<RawRecord> source(String bootstrapServers, String group) {
        return KafkaSource.<RawRecord>builder()
                .setBootstrapServers(bootstrapServers)
                .setTopics(Topics.RAW)
                .setGroupId(group)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new RawRecordReader())
                .setProperty("isolation.level", "read_committed")
                .setProperty("max.poll.records", "2000")
                // For those who watch; the checkpoint is what counts.
                .setProperty("commit.offsets.on.checkpoint", "true")
                .build();
    }

    private static KafkaSink<ProducerRecord<byte[], byte[]>> sink(String bootstrapServers, String group) {
        Properties producer = new Properties();
        producer.putAll(Map.of("linger.ms", "20", "batch.size", "65536", "buffer.memory", "268435456",
                // The most that the broker allows.
                "transaction.timeout.ms", "15000"));
        return KafkaSink.<ProducerRecord<byte[], byte[]>>builder()
                .setBootstrapServers(bootstrapServers)
                .setKafkaProducerConfig(producer)
                .setRecordSerializer(new RecordWriter())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(group)
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .build();
    }

    private static int rawPartitions(String bootstrapServers) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.describeTopics(List.of(Topics.RAW)).allTopicNames().get().get(Topics.RAW).partitions().size();
        }
    }
}
