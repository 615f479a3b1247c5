package org.charla.benchmark;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.Topics;

/**
 * Sends events at a steady rate, whatever becomes of them: one that leaves late has still waited since the moment at which
 * it should have left (Tene: How not to measure latency).
 */
final class OpenLoop implements AutoCloseable {

    private final long firstEvent;
    private final double perSecond;
    private final long start = System.nanoTime();
    private final KafkaProducer<byte[], byte[]> producer;
    private final CompletableFuture<Void> sending;
    private volatile boolean stopped;
    private volatile long next;

    /** Begins at once. */
    OpenLoop(String bootstrapServers, Workload workload, long firstEvent, double perSecond) {
        this.firstEvent = firstEvent;
        this.perSecond = perSecond;
        this.next = firstEvent;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "0", "acks", "all"),
                new ByteArraySerializer(), new ByteArraySerializer());
        this.sending = CompletableFuture.runAsync(() -> send(workload), task -> new Thread(task, "load").start());
    }

    private void send(Workload workload) {
        while (!stopped) {
            long wait = intended(next) - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                long event = next;
                producer.send(new ProducerRecord<>(Topics.RAW, workload.key(event), workload.value(event)));
                next = event + 1;
            }
        }
        producer.flush();
    }

    /** When an event is to leave, as {@link System#nanoTime} counts. */
    long intended(long event) {
        return start + (long) ((event - firstEvent) * 1e9 / perSecond);
    }

    /** The events up to this one, exclusive, have left. */
    long sent() {
        return next;
    }

    /** Sends no more, and returns when the broker has all. */
    @Override
    public void close() {
        stopped = true;
        sending.join();
        producer.close();
    }
}
