package org.charla.benchmark.loop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * Consume, process, produce, each batch in a transaction (KIP-98): {@code Loop BOOTSTRAP_SERVERS GROUP changelog|bare}.
 * The rules of events are Charla's own; the remembered ids and the profiles lie in maps, and with {@code changelog} each
 * change of them in a topic, too, in the same transaction. The channels' topics must be there. An error ends it; started
 * again it goes on.
 */
public final class Loop {

    /** As Charla's: at once while it keeps up, else after this long. */
    private static final long COMMIT_INTERVAL_MS = 200;
    private static final long KEEPING_UP_MS = 30;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LoopState state;
    private final Serializer<ChannelMessage> channelMessages = Wire.channelMessageSerde().serializer();
    private final Serializer<UserProfile> userProfiles = Wire.userProfileSerde().serializer();
    private int partitions;

    private Loop(String bootstrapServers, String group, boolean withChangelog) {
        this.consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "group.id", group,
                // Known again after a kill, it need not wait for its predecessor's session to end.
                "group.instance.id", group + "-0", "session.timeout.ms", "6000",
                "isolation.level", "read_committed", "auto.offset.reset", "earliest",
                "enable.auto.commit", "false", "max.poll.records", "2000"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers,
                "transactional.id", group + "-0", "transaction.timeout.ms", "10000",
                "linger.ms", "20", "batch.size", "65536", "buffer.memory", "268435456"),
                new ByteArraySerializer(), new ByteArraySerializer());
        this.state = withChangelog ? LoopState.withChangelog(bootstrapServers, group + "-changelog", producer)
                : LoopState.rebuilt(bootstrapServers);
    }

    public static void main(String[] arguments) {
        new Loop(arguments[0], arguments[1], arguments[2].equals("changelog")).run();
    }

    private void run() {
        producer.initTransactions();
        partitions = consumer.partitionsFor(Topics.RAW).size();
        consumer.subscribe(List.of(Topics.RAW), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                assigned.forEach(partition -> state.restore(partition, consumer.position(partition)));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                // There is one loop, which is over when it loses them.
            }
        });
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        long begun = 0;
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            if (!records.isEmpty() && done.isEmpty()) {
                producer.beginTransaction();
                begun = System.currentTimeMillis();
            }
            boolean keepsUp = records.isEmpty();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                process(record);
                keepsUp |= System.currentTimeMillis() - record.timestamp() < KEEPING_UP_MS;
            }
            done.putAll(records.nextOffsets());
            if (!done.isEmpty() && (keepsUp || System.currentTimeMillis() - begun >= COMMIT_INTERVAL_MS)) {
                producer.sendOffsetsToTransaction(done, consumer.groupMetadata());
                producer.commitTransaction();
                done.clear();
            }
        }
    }

    private void process(ConsumerRecord<byte[], byte[]> record) {
        Judgement judgement = EventRules.judge(
                record.key(), record.value(), record.timestamp(), record.partition(), partitions);
        if (judgement instanceof Judgement.Rejected rejected) {
            reject(record, rejected.code(), rejected.reason());
            return;
        }
        RawEvent event = ((Judgement.Accepted) judgement).event();
        String id = ChannelRecord.id(event.userId(), event.messageId());
        if (state.isKnown(record.partition(), id, record.timestamp())) {
            return;
        }
        switch (event.type()) {
            case MESSAGE -> {
                RawEvent.Message message = (RawEvent.Message) event;
                String displayName = state.displayName(event.userId());
                if (displayName == null) {
                    reject(record, RejectionCode.UNKNOWN_USER, "The user has no profile; send one first.");
                    return;
                }
                String topic = Topics.ofChannel(message.channel());
                byte[] value = channelMessages.serialize(topic, new ChannelMessage(message.messageId(), message.channel(),
                        new Author(message.userId(), displayName), message.text(), message.sentAt(),
                        record.timestamp()));
                send(topic, 0, record.timestamp(), id.getBytes(StandardCharsets.UTF_8), value);
            }
            case PROFILE -> {
                String displayName = ((RawEvent.Profile) event).displayName();
                send(Topics.USERS, record.partition(), record.timestamp(), record.key(), userProfiles.serialize(
                        Topics.USERS, new UserProfile(event.userId(), displayName, record.timestamp())));
                state.profile(record.partition(), event.userId(), displayName);
            }
            case PROFILE_REMOVAL -> {
                send(Topics.USERS, record.partition(), record.timestamp(), record.key(), null);
                state.profile(record.partition(), event.userId(), null);
            }
            case EDIT, DELETION, REACTION, RULE ->
                throw new IllegalArgumentException(event.type() + " is nothing that is measured");
        }
        state.remember(record.partition(), id, record.timestamp());
    }

    private void send(String topic, int partition, long timestamp, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, partition, timestamp, key, value));
    }

    private void reject(ConsumerRecord<byte[], byte[]> record, RejectionCode code, String reason) {
        producer.send(new ProducerRecord<>(Topics.REJECTED, null, record.timestamp(), record.key(), record.value(),
                new Rejection(code.name(), reason, record.topic() + '-' + record.partition() + '@' + record.offset())
                        .toHeaders()));
    }
}
