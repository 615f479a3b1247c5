package org.charla.proof;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes what the generator makes, at a rate, and notes what Kafka said of each. What it said nothing of is written
 * again, as a client does, until it is acknowledged or refused. One thread writes.
 */
final class Writer implements AutoCloseable {

    private static final Map<String, Object> SETTINGS = Map.of("acks", "all", "linger.ms", "20", "batch.size", "65536",
            "delivery.timeout.ms", "12000", "request.timeout.ms", "5000", "max.block.ms", "600000",
            "partitioner.ignore.keys", "false", "max.request.size", "2000000");

    private final KafkaProducer<byte[], byte[]> producer;
    private final Ledger ledger;
    private final Queue<ProducerRecord<byte[], byte[]>> unsaid = new ConcurrentLinkedQueue<>();
    private final AtomicLong inFlight = new AtomicLong();

    Writer(String bootstrapServers, Ledger ledger) {
        this.ledger = ledger;
        producer = new KafkaProducer<>(with(bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> with(String bootstrapServers) {
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }

    /** Writes so many events at this rate; what takes longer than it should is caught up with. */
    void write(Generator generator, long events, int perSecond) throws InterruptedException {
        long start = System.nanoTime();
        for (long i = 0; i < events; i++) {
            send(generator.next());
            writeAgain();
            long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
            long early = due - System.nanoTime();
            if (early > TimeUnit.MILLISECONDS.toNanos(1)) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
        }
    }

    /** Returns when it is known of each event what became of it. */
    void settle() throws InterruptedException {
        while (inFlight.get() > 0 || !unsaid.isEmpty()) {
            writeAgain();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void writeAgain() {
        for (ProducerRecord<byte[], byte[]> again = unsaid.poll(); again != null; again = unsaid.poll()) {
            send(new ProducerRecord<>(again.topic(), again.partition(), again.key(), again.value(), again.headers()));
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Signature.HEADER);
        long hash = Attempt.hash(record.key(), record.value(), header == null ? null : header.value());
        inFlight.incrementAndGet();
        producer.send(record, (metadata, error) -> {
            if (error == null) {
                ledger.note(new Attempt(Attempt.Answer.ACKNOWLEDGED, metadata.partition(), metadata.offset(), hash));
            } else if (error instanceof RecordTooLargeException) {
                ledger.note(new Attempt(Attempt.Answer.REFUSED, metadata.partition(), -1, hash));
            } else {
                ledger.note(new Attempt(Attempt.Answer.UNSAID, metadata.partition(), -1, hash));
                unsaid.add(record);
            }
            inFlight.decrementAndGet();
        });
    }

    @Override
    public void close() {
        producer.close();
    }
}
