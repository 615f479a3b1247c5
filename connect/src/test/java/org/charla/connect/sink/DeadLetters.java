package org.charla.connect.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.charla.protocol.Topics;

/** What the sinks have set aside. */
final class DeadLetters {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.SINK_DEAD_LETTERS, 0);

    private DeadLetters() {
    }

    /** Where all that there are come from, {@code topic@offset}; the context headers say it. */
    static Set<String> origins(String bootstrapServers) {
        Set<String> origins = new TreeSet<>();
        try (var consumer = new KafkaConsumer<>(new HashMap<>(Map.of("bootstrap.servers", bootstrapServers)),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<byte[], byte[]> dead : consumer.poll(Duration.ofSeconds(1))) {
                    origins.add(context(dead, "topic") + "@" + context(dead, "offset"));
                }
            }
        }
        return origins;
    }

    /** What the worker says of a dead letter, by the end of the header's name. */
    static String context(ConsumerRecord<byte[], byte[]> dead, String what) {
        return new String(dead.headers().lastHeader("__connect.errors." + what).value(), UTF_8);
    }
}
