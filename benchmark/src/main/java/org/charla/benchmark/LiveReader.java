package org.charla.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/** Reads all channels, committed messages only, from their ends on, in a thread of its own. */
final class LiveReader implements AutoCloseable {

    /** Is told of each message, in the reader's thread. */
    interface Listener {
        /**
         * A message has come.
         *
         * @param event the number of the event that it came from
         * @param nanos when it arrived, as {@link System#nanoTime} counts
         */
        void arrived(long event, long nanos);
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CompletableFuture<Void> reading;
    private volatile boolean stopped;

    /** Returns when it is in its place: what is written from now on is read. */
    LiveReader(String bootstrapServers, Workload workload, Listener listener) {
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed",
                "max.poll.records", "5000"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, workload.channels())
                .mapToObj(channel -> new TopicPartition(Topics.ofChannel(workload.channel(channel)), 0)).toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reading = CompletableFuture.runAsync(() -> read(listener), task -> new Thread(task, "reader").start());
    }

    private void read(Listener listener) {
        while (!stopped) {
            var records = consumer.poll(Duration.ofMillis(50));
            long now = System.nanoTime();
            records.forEach(record -> {
                ChannelMessage message =
                        Wire.channelMessageSerde().deserializer().deserialize(record.topic(), record.value());
                Workload.numberOf(message).ifPresent(event -> listener.arrived(event, now));
            });
        }
    }

    @Override
    public void close() {
        stopped = true;
        reading.join();
        consumer.close();
    }
}
