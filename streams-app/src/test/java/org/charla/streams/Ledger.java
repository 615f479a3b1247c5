package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;

/**
 * Keeps book of what was sent to {@code chat.raw} and holds what came out of the pipeline against it: each message
 * once, the texts as they were, each sender's order kept.
 */
final class Ledger implements AutoCloseable {

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, RawEvent.Message> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Exception> failed = new ConcurrentHashMap<>();
    /** Message ids by sender and channel, in the order in which they were sent. */
    private final Map<String, List<String>> order = new LinkedHashMap<>();
    private int ids;

    Ledger(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers", bootstrapServers, "delivery.timeout.ms", "180000", "max.block.ms", "180000",
                "linger.ms", "0", "max.request.size", "20000000", "compression.type", "gzip"),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    void profile(String userId) {
        RawEvent event = new RawEvent.Profile("p" + ids++, userId, "The " + userId, System.currentTimeMillis());
        send(userId.getBytes(UTF_8), Wire.write(event));
    }

    RawEvent.Message say(String userId, String channel) {
        String id = "m" + ids++;
        RawEvent.Message message =
                new RawEvent.Message(id, userId, channel, "text of " + id, System.currentTimeMillis());
        order.computeIfAbsent(userId + ' ' + channel, sender -> new ArrayList<>()).add(id);
        producer.send(new ProducerRecord<>(Topics.RAW, userId.getBytes(UTF_8), Wire.write(message)),
                (metadata, error) -> {
                    if (error == null) {
                        acknowledged.put(id, message);
                    } else {
                        failed.put(id, error);
                    }
                });
        return message;
    }

    void send(byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.RAW, key, value));
    }

    void send(RawEvent event) {
        send(event.userId().getBytes(UTF_8), Wire.write(event));
    }

    /** With a signature of its own, made now. */
    void send(RawEvent event, SigningKey signer) {
        byte[] key = event.userId().getBytes(UTF_8);
        byte[] value = Wire.write(event);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.RAW, key, value);
        record.headers().add(RecordSignature.HEADER, new RecordSigner(signer, "charla", Topics.RAW)
                .sign(key, value, System.currentTimeMillis()).toBytes());
        producer.send(record);
    }

    /** To a partition of the sender's choice. */
    void send(int partition, RawEvent event) {
        producer.send(new ProducerRecord<>(
                Topics.RAW, partition, event.userId().getBytes(UTF_8), Wire.write(event)));
    }

    /** With a timestamp of its own, which {@code chat.raw} keeps where it isn't the broker's to set. */
    void send(byte[] key, byte[] value, long timestamp) {
        producer.send(new ProducerRecord<>(Topics.RAW, null, timestamp, key, value));
    }

    void flush() {
        producer.flush();
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Waits until all that was acknowledged has come out, then checks it; nothing else may have come out. */
    void assertDeliveredOnceAndInOrder(Duration within) {
        flush();
        assertThat(failed).isEmpty();
        Map<String, List<ChannelMessage>> delivered = new TreeMap<>();
        await().atMost(within).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
            delivered.clear();
            delivered.putAll(channelMessages());
            assertThat(delivered.values().stream().mapToInt(List::size).sum())
                    .isGreaterThanOrEqualTo(acknowledged.size());
        });
        Map<String, List<String>> bySender = new HashMap<>();
        delivered.forEach((channel, messages) -> messages.forEach(message -> {
            assertThat(acknowledged).containsKey(message.messageId());
            RawEvent.Message sent = acknowledged.get(message.messageId());
            assertThat(message.text()).isEqualTo(sent.text());
            assertThat(message.channel()).isEqualTo(channel).isEqualTo(sent.channel());
            bySender.computeIfAbsent(message.author().userId() + ' ' + channel, sender -> new ArrayList<>())
                    .add(message.messageId());
        }));
        assertThat(bySender).containsExactlyInAnyOrderEntriesOf(order);
        assertThat(rejections()).isEmpty();
    }

    Map<String, List<ChannelMessage>> channelMessages() {
        Map<String, List<ChannelMessage>> messages = new TreeMap<>();
        channelRecords().forEach((channel, records) -> records.stream().filter(ChannelMessage.class::isInstance)
                .forEach(record -> messages.computeIfAbsent(channel, name -> new ArrayList<>())
                        .add((ChannelMessage) record)));
        return messages;
    }

    /** All that stands in channels, messages or not. */
    Map<String, List<ChannelRecord>> channelRecords() {
        Map<String, List<ChannelRecord>> records = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll("chat.channel.")) {
            String channel = Topics.channelOf(record.topic()).orElseThrow();
            records.computeIfAbsent(channel, name -> new ArrayList<>())
                    .add(Wire.channelRecordSerde().deserializer().deserialize(record.topic(), record.value()));
        }
        return records;
    }

    List<Rejection> rejections() {
        return readAll(Topics.REJECTED).stream()
                .map(record -> Rejection.fromHeaders(record.headers()).orElseThrow()).toList();
    }

    /** All committed records of the topics whose names begin like this, up to now. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String topicPrefix) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", bootstrapServers, "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream().flatMap(List::stream)
                    .filter(partition -> partition.topic().startsWith(topicPrefix))
                    .map(Ledger::topicPartition).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static TopicPartition topicPartition(PartitionInfo partition) {
        return new TopicPartition(partition.topic(), partition.partition());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
