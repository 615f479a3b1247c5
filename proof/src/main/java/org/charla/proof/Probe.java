package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a message to a channel of its own ten times a second, and reads that channel: how long nothing was
 * acknowledged, and how long it took until a message could be read. All times are {@link System#nanoTime}.
 */
final class Probe implements AutoCloseable {

    /** Of several users, of whom none sends too much. */
    private static final int USERS = 100;
    private static final String CHANNEL = "probe";
    private static final long EVERY_MS = 100;
    private static final long NOT_MEASURED = -1;
    /** A message that took longer was held up. */
    private static final long HELD_UP = TimeUnit.SECONDS.toNanos(1);

    private final Ledger ledger;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Object> consumerSettings;
    /** When the acknowledged were acknowledged, by when they were sent. */
    private final NavigableMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
    /** When those that were read were read, by when they were sent. */
    private final NavigableMap<Long, Long> read = new ConcurrentSkipListMap<>();
    private final NavigableMap<Long, Long> sentAt = new ConcurrentSkipListMap<>();
    private final Thread sender;
    private final Thread reader;
    private volatile boolean isSending = true;
    private volatile boolean isReading = true;
    private long number;

    Probe(String bootstrapServers, Ledger ledger) {
        this.ledger = ledger;
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "0",
                "delivery.timeout.ms", "30000", "request.timeout.ms", "3000", "max.block.ms", "30000"),
                new ByteArraySerializer(), new ByteArraySerializer());
        consumerSettings = Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed",
                "enable.auto.commit", "false", "auto.offset.reset", "earliest", "metadata.max.age.ms", "1000",
                "request.timeout.ms", "3000", "default.api.timeout.ms", "5000");
        for (int user = 0; user < USERS; user++) {
            send(user, "{\"type\":\"profile\",\"messageId\":\"profile\",\"userId\":\"probe-" + user
                    + "\",\"displayName\":\"Probe\",\"sentAt\":" + System.currentTimeMillis() + "}", NOT_MEASURED);
        }
        sender = new Thread(this::sendOn, "probe-sender");
        reader = new Thread(this::readOn, "probe-reader");
        sender.start();
        reader.start();
    }

    private void sendOn() {
        try {
            while (isSending) {
                long now = System.nanoTime();
                sentAt.put(number, now);
                int user = (int) (number % USERS);
                send(user, "{\"messageId\":\"p" + number + "\",\"userId\":\"probe-" + user + "\",\"channel\":\""
                        + CHANNEL + "\",\"text\":\"probe\",\"sentAt\":" + System.currentTimeMillis() + "}", now);
                number++;
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int user, String event, long now) {
        byte[] key = ("probe-" + user).getBytes(UTF_8);
        byte[] value = event.getBytes(UTF_8);
        long hash = Attempt.hash(key, value, null);
        producer.send(new ProducerRecord<>(Oracle.RAW, key, value), (metadata, error) -> {
            ledger.note(new Attempt(error == null ? Attempt.Answer.ACKNOWLEDGED : Attempt.Answer.UNSAID,
                    metadata.partition(), error == null ? metadata.offset() : -1, hash));
            if (error == null && now != NOT_MEASURED) {
                acknowledged.put(now, System.nanoTime());
            }
        });
    }

    private void readOn() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(Oracle.CHANNEL + CHANNEL, 0)));
            while (isReading) {
                try {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        String id = new String(record.key(), UTF_8);
                        Long sent = sentAt.get(Long.parseLong(id.substring(id.indexOf(':') + 2)));
                        read.putIfAbsent(sent, System.nanoTime());
                    }
                } catch (KafkaException e) {
                    // Nobody answers now.
                }
            }
        }
    }

    /** Returns when there is one that was read. */
    void awaitFirst() throws Exception {
        Cluster.await("a message through the pipeline", () -> !read.isEmpty());
    }

    /** The longest time without an acknowledgement that begins or ends between these times. */
    Duration writersPause(long from, long to) {
        long worst = 0;
        long before = -1;
        long[] times = acknowledged.values().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long time : times) {
            if (before >= 0 && time >= from && before <= to) {
                worst = Math.max(worst, time - before);
            }
            before = time;
        }
        return Duration.ofNanos(worst);
    }

    /** The longest time from the sending to the reading of those that were sent between these times. */
    Duration readersPause(long from, long to) {
        return Duration.ofNanos(read.subMap(from, to).entrySet().stream()
                .mapToLong(one -> one.getValue() - one.getKey()).max().orElse(0));
    }

    /** From the first of these times until the last was read that was sent between them and held up. */
    Duration recovery(long from, long to) {
        return Duration.ofNanos(read.subMap(from, to).entrySet().stream()
                .filter(one -> one.getValue() - one.getKey() > HELD_UP)
                .mapToLong(one -> one.getValue() - from).max().orElse(0));
    }

    /** Sends no more; returns when it is known of each what became of it. */
    void stopSending() throws InterruptedException {
        isSending = false;
        sender.join();
        producer.close();
    }

    @Override
    public void close() {
        try {
            stopSending();
            isReading = false;
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
