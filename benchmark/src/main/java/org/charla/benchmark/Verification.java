package org.charla.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.charla.benchmark.Workload.Fate;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/**
 * Holds what came out against what went in: every message once, enriched, in its author's order and in its channel;
 * every refused event in {@code chat.rejected} with its reason; nothing else.
 */
final class Verification {

    private static final int SHOWN = 5;

    private final Workload workload;
    private final long events;
    private final boolean exactlyOnce;
    private final BitSet seen = new BitSet();
    private final Map<String, Long> last = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long faultCount;

    private Verification(Workload workload, long events, boolean exactlyOnce) {
        this.workload = workload;
        this.events = events;
        this.exactlyOnce = exactlyOnce;
    }

    /**
     * Reads all that is committed.
     *
     * @param exactlyOnce whether repetitions are faults, too
     * @return the first faults, and how many there are; empty where all is as it should be
     */
    static List<String> faults(String bootstrapServers, Workload workload, long events, boolean exactlyOnce) {
        Verification verification = new Verification(workload, events, exactlyOnce);
        verification.read(bootstrapServers, IntStream.range(0, workload.channels())
                .mapToObj(channel -> Topics.ofChannel(workload.channel(channel))).toList(), verification::message);
        List<ConsumerRecord<byte[], byte[]>> rejections = new ArrayList<>();
        verification.read(bootstrapServers, List.of(Topics.REJECTED), rejections::add);
        return verification.conclude(rejections);
    }

    private void message(ConsumerRecord<byte[], byte[]> record) {
        ChannelMessage message = Wire.channelMessageSerde().deserializer().deserialize(record.topic(), record.value());
        String at = record.topic() + "@" + record.offset();
        long number = message == null ? -1 : Workload.numberOf(message).orElse(-1L);
        if (number < 0 || number >= events || !workload.becomes(number, message)
                || !Topics.ofChannel(message.channel()).equals(record.topic())) {
            fault(at + " is not what was sent: " + message);
            return;
        }
        boolean repeated = seen.get((int) number);
        if (repeated && exactlyOnce) {
            fault(at + " repeats event " + number);
        }
        seen.set((int) number);
        Long before = last.put(message.author().userId() + ' ' + message.channel(), number);
        if (before != null && before > number && !repeated) {
            fault(at + ": event " + number + " came behind event " + before + " of its author");
        }
    }

    private List<String> conclude(List<ConsumerRecord<byte[], byte[]>> rejections) {
        long expectedRejections = 0;
        for (long i = 0; i < events; i++) {
            Fate fate = workload.fate(i);
            if (fate == Fate.MESSAGE && !seen.get((int) i)) {
                fault("event " + i + " is lost");
            }
            expectedRejections += fate == Fate.REJECTED ? 1 : 0;
        }
        rejections.stream().filter(record -> Rejection.fromHeaders(record.headers())
                        .filter(rejection -> rejection.code().equals("EMPTY_TEXT")).isEmpty())
                .forEach(record -> fault("a refusal at " + record.offset() + " has not the reason EMPTY_TEXT"));
        if (rejections.size() < expectedRejections || exactlyOnce && rejections.size() > expectedRejections) {
            fault(rejections.size() + " events were refused instead of " + expectedRejections);
        }
        if (faultCount > faults.size()) {
            faults.add("and " + (faultCount - faults.size()) + " more");
        }
        return faults;
    }

    private void fault(String fault) {
        faultCount++;
        if (faults.size() < SHOWN) {
            faults.add(fault);
        }
    }

    private void read(String bootstrapServers, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed", "max.poll.records", "5000"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream().flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.values().removeIf(end -> end == 0);
            while (!ends.isEmpty()) {
                consumer.poll(Duration.ofMillis(200)).forEach(reader);
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
    }
}
