package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.errors.InterruptException;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;

/**
 * Writes events to {@link Topics#RAW}, each once and in the order given. Thread-safe.
 *
 * <p>An event is signed when it is given to Kafka's producer, which may keep it while Kafka is away: for longer, perhaps,
 * than the signature is good for. Such an event is signed and sent anew as soon as Kafka has taken it, since the pipeline
 * refuses it then. All that is on its way bears the time of the first of it, and nothing joins it when that is long ago:
 * so what is stale is always what was given last, and sent again it keeps its order.
 */
public final class EventProducer implements AutoCloseable {

    /** How long ago the first of what is on its way may have been given when something joins it, in milliseconds. */
    private static final long LONG_AGO_MS = 60_000;

    private record Given(RawEvent event, RecordSigner signer, Callback callback) {
    }

    private final Producer<byte[], byte[]> producer;
    private final LongSupplier clock;

    /** Held by who gives something to Kafka's producer: for as long as that takes. */
    private final Lock giving = new ReentrantLock();

    /** How many events are on their way; with the rest, guarded by this, which is never held for long. */
    private long open;
    private long signedAt;
    private final List<Given> stale = new ArrayList<>();

    /**
     * @param tuning settings of Kafka's producer, behind those of the access
     * @throws AccessFailure if the settings are not valid
     */
    public EventProducer(KafkaAccess kafka, Map<String, Object> tuning) {
        this(kafka.producer(tuning), System::currentTimeMillis);
    }

    EventProducer(Producer<byte[], byte[]> producer, LongSupplier clock) {
        this.producer = producer;
        this.clock = clock;
    }

    /**
     * Gives an event to Kafka's producer, unsigned. Waits while too much is on its way, or Kafka has not answered yet.
     *
     * @param callback told in a thread of the producer, in the order of each partition, of the event's place or why
     *                 there is none
     */
    public void send(RawEvent event, Callback callback) {
        give(List.of(new Given(event, null, callback)));
    }

    /** The same with a signature. */
    public void send(RawEvent event, RecordSigner signer, Callback callback) {
        give(List.of(new Given(event, signer, callback)));
    }

    /** Behind what has to be sent again. */
    private void give(List<Given> events) {
        giving.lock();
        try {
            for (Given given : begin(events)) {
                give(given);
            }
        } finally {
            giving.unlock();
        }
    }

    private synchronized List<Given> begin(List<Given> events) {
        waitWhile(() -> open > 0 && (!stale.isEmpty() || clock.getAsLong() - signedAt > LONG_AGO_MS));
        if (open == 0) {
            signedAt = clock.getAsLong();
        }
        List<Given> all = new ArrayList<>(stale);
        all.addAll(events);
        stale.clear();
        open += all.size();
        return all;
    }

    private void give(Given given) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.RAW, given.event().userId().getBytes(UTF_8), Wire.write(given.event()));
        try {
            if (given.signer() == null) {
                producer.send(record, (place, e) -> end(given, false, place, e));
                return;
            }
            RecordSignature signature = given.signer().sign(record.key(), record.value(), signedAt());
            record.headers().add(RecordSignature.HEADER, signature.toBytes());
            producer.send(record, (place, e) -> end(given, e == null && isStale(signature, place), place, e));
        } catch (RuntimeException e) {
            end(given, false, null, e);
        }
    }

    private synchronized long signedAt() {
        return signedAt;
    }

    /** Not where it took no time: then the clock is wrong, and another signature would be no better. */
    private boolean isStale(RecordSignature signature, RecordMetadata place) {
        return place.hasTimestamp() && !signature.isFreshAt(place.timestamp())
                && clock.getAsLong() - signature.signedAt() > 2 * LONG_AGO_MS;
    }

    private void end(Given given, boolean isStale, RecordMetadata place, Exception e) {
        try {
            if (!isStale) {
                given.callback().onCompletion(place, e);
            }
        } finally {
            if (countDown(given, isStale)) {
                // This one is the producer's own, which has to go on for anything to be given to it.
                Thread thread = new Thread(() -> give(List.of()), "charla-sign-again");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Whether something has to be sent again now. */
    private synchronized boolean countDown(Given given, boolean isStale) {
        open--;
        if (isStale) {
            stale.add(given);
        }
        notifyAll();
        return open == 0 && !stale.isEmpty();
    }

    /** Waits until it is known of each event whether Kafka has it. */
    public void flush() {
        producer.flush();
        waitWhile(() -> open > 0 || !stale.isEmpty());
    }

    private synchronized void waitWhile(BooleanSupplier condition) {
        try {
            while (condition.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * The partition of {@link Topics#RAW} that holds a user's events.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka doesn't say how many there are
     */
    public int partitionOf(String userId) {
        return BuiltInPartitioner.partitionForKey(userId.getBytes(UTF_8), producer.partitionsFor(Topics.RAW).size());
    }

    /** Whether a broker is connected, also where it does not take what is sent. */
    public boolean isConnected() {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-count"))
                .anyMatch(metric -> ((Number) metric.getValue().metricValue()).doubleValue() > 0);
    }

    /** At once: what Kafka has not acknowledged by now may or may not be there. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
