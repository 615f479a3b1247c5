package org.charla.access;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.charla.protocol.RawEvent;

/**
 * Gives one user's events to Kafka, signed, in order and each once, however long that takes: Kafka's producer is told to
 * try for ever. The user's profile claims the id where nobody has. Thread-safe.
 */
public final class Delivery implements AutoCloseable {

    private static final Map<String, Object> TUNING = Map.of(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 4L << 20);

    /** What becomes of an event; called in a thread of Kafka's producer. */
    public interface Listener {

        /** Kafka has it, there. */
        void acknowledged(RawEvent event, RecordMetadata place);

        /** Kafka will not take it. */
        void notSent(RawEvent event, String why);
    }

    private final KafkaAccess kafka;
    private final Identity identity;
    private final Listener listener;
    private final EventProducer producer;

    /** Giving something to the producer may take as long as Kafka is away. */
    private final ExecutorService giver = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "charla-delivery");
        thread.setDaemon(true);
        return thread;
    });

    public Delivery(KafkaAccess kafka, Identity identity, Listener listener) {
        this.kafka = kafka;
        this.identity = identity;
        this.listener = listener;
        this.producer = new EventProducer(kafka, TUNING);
    }

    /** Sends an event behind those that were given before; does not wait. */
    public void send(RawEvent event) {
        giver.execute(() -> {
            try {
                producer.send(event instanceof RawEvent.Profile profile ? claiming(profile) : event,
                        identity.signer(), (place, e) -> report(event, place, e));
            } catch (RuntimeException e) {
                report(event, null, e);
            }
        });
    }

    private RawEvent.Profile claiming(RawEvent.Profile profile) {
        ExistingUsers users = new ExistingUsers(kafka);
        while (true) {
            try {
                return identity.claiming(profile, users.find(identity.userId()));
            } catch (ServerAway e) {
                // As long as it takes, like all that is sent.
            }
        }
    }

    private void report(RawEvent event, RecordMetadata place, Exception e) {
        if (giver.isShutdown()) {
            return;
        }
        if (e == null) {
            listener.acknowledged(event, place);
        } else {
            listener.notSent(event, e instanceof AccessFailure ? e.getMessage() : kafka.explain(e));
        }
    }

    /** At once: what Kafka has not acknowledged by now may or may not be there. */
    @Override
    public void close() {
        giver.shutdownNow();
        producer.close();
    }
}
