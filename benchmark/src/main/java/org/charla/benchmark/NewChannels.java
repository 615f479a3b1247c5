package org.charla.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.streams.StreamsAppConfig;
import org.charla.streams.TopicCatalogue;

/** What channels that are new cost, those who open them and the others. */
final class NewChannels {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long OPENER = 0;

    private final Workload workload;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private int opened;

    private NewChannels(Workload workload, Admin admin, KafkaProducer<byte[], byte[]> producer) {
        this.workload = workload;
        this.admin = admin;
        this.producer = producer;
    }

    /**
     * Opens channels one after the other, each when the one before can be read.
     *
     * @return nanoseconds from the sending of a channel's first message until it can be read
     */
    static Histogram oneByOne(Live live, Workload workload, int channels) throws IOException, InterruptedException {
        Histogram latencies = new Histogram(3);
        with(live, workload, opening -> {
            for (int i = 0; i < channels; i++) {
                long begun = System.nanoTime();
                TopicPartition channel = opening.open();
                while (!opening.canBeRead(channel)) {
                    if (System.nanoTime() - begun > LIMIT.toNanos()) {
                        throw new IllegalStateException("the first message of " + channel + " can't be read");
                    }
                }
                latencies.recordValue(System.nanoTime() - begun);
            }
        });
        return latencies;
    }

    /**
     * What the broker alone takes to make such topics, one after the other.
     *
     * @return nanoseconds for each
     */
    static Histogram brokerAlone(Live live, int channels) throws InterruptedException, ExecutionException {
        TopicCatalogue catalogue = StreamsAppConfig.of(new Properties(), Map.of()).topics();
        Histogram latencies = new Histogram(3);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", live.bootstrapServers()))) {
            for (int i = 0; i < channels; i++) {
                long begun = System.nanoTime();
                admin.createTopics(List.of(catalogue.channel("alone-" + i))).all().get();
                latencies.recordValue(System.nanoTime() - begun);
            }
        }
        return latencies;
    }

    /** The latencies of the others, while one user opens so many channels at once. */
    static Histogram atOnce(Live live, Workload workload, int channels, Duration time)
            throws IOException, InterruptedException {
        Histogram[] others = new Histogram[1];
        with(live, workload, opening -> {
            for (int i = 0; i < channels; i++) {
                opening.open();
            }
            others[0] = live.latencies(time);
        });
        return others[0];
    }

    private interface Scene {
        void play(NewChannels opening) throws IOException, InterruptedException;
    }

    private static void with(Live live, Workload workload, Scene scene) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", live.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", live.bootstrapServers(), "linger.ms", "0"),
                        new ByteArraySerializer(), new ByteArraySerializer())) {
            scene.play(new NewChannels(workload, admin, producer));
        }
    }

    private TopicPartition open() {
        String channel = "new-" + opened++;
        producer.send(new ProducerRecord<>(Topics.RAW, workload.key(OPENER), Wire.write(new RawEvent.Message(
                channel, new String(workload.key(OPENER), UTF_8), channel,
                "the first message", System.currentTimeMillis()))));
        return new TopicPartition(Topics.ofChannel(channel), 0);
    }

    private boolean canBeRead(TopicPartition channel) throws InterruptedException {
        try {
            return admin.listOffsets(Map.of(channel, OffsetSpec.latest()),
                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).partitionResult(channel).get().offset() > 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
