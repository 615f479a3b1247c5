package org.charla.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;

/**
 * Tells which of the records that were sent the pipeline refused. A refusal names the place of the raw record, which
 * Kafka's acknowledgement tells as well: so it doesn't matter what the record holds, or which of the two is heard first.
 * Thread-safe.
 *
 * @param <T> what a record is known as to the one who sent it
 */
public final class Refusals<T> {

    /** The longest that is remembered, in characters: the pipeline writes shorter ones, and anybody any. */
    private static final int LONGEST = 1_000;

    private final BiConsumer<T, Rejection> listener;

    /** By their places, those that were not heard of in front of those that were; with the rest, guarded by this. */
    private final Map<String, T> acknowledged;

    /** By the places of records that are not acknowledged yet, or that somebody else sent. */
    private final Map<String, Rejection> early;

    /**
     * @param capacity how many records are remembered, and how many refusals that are not known to be of one
     * @param listener is told of each that was refused, by the call that makes it known
     */
    public Refusals(int capacity, BiConsumer<T, Rejection> listener) {
        this.listener = listener;
        this.acknowledged = bounded(capacity);
        this.early = bounded(capacity);
    }

    private static <V> Map<String, V> bounded(int capacity) {
        return new LinkedHashMap<>() {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Kafka has a record. */
    public void acknowledged(T sent, RecordMetadata place) {
        String source = place.topic() + "-" + place.partition() + "@" + place.offset();
        Rejection rejection;
        synchronized (this) {
            rejection = early.remove(source);
            if (rejection == null) {
                acknowledged.put(source, sent);
            }
        }
        if (rejection != null) {
            listener.accept(sent, rejection);
        }
    }

    /** A record of {@link Topics#REJECTED} was read; what the pipeline did not write there is left out. */
    public void read(ConsumerRecord<byte[], byte[]> record) {
        Rejection.fromHeaders(record.headers()).ifPresent(rejection -> {
            T sent;
            synchronized (this) {
                sent = acknowledged.remove(rejection.source());
                if (sent == null && lengthOf(rejection) <= LONGEST) {
                    early.put(rejection.source(), rejection);
                }
            }
            if (sent != null) {
                listener.accept(sent, rejection);
            }
        });
    }

    private static int lengthOf(Rejection rejection) {
        return rejection.source().length() + rejection.code().length() + rejection.reason().length();
    }
}
