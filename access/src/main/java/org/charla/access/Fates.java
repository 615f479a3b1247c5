package org.charla.access;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;

/**
 * Tells what became of events that were sent, of each once: it stands in its channel, or was refused. What stands in a
 * channel bears the event's id. A refusal names the place of the raw record, which Kafka's acknowledgement tells as
 * well: so it doesn't matter what the record holds, or which of the two is heard first. Asks no server; who reads the
 * topics hands over what is there. Thread-safe.
 *
 * @param <T> what an event is known as to the one who sent it
 */
public final class Fates<T> {

    /** The longest refusal that is remembered, in characters: the pipeline writes shorter ones, and anybody any. */
    private static final int LONGEST = 1_000;

    /** How many of them are remembered at most: what Kafka has taken is acknowledged in a moment. */
    private static final int MOST_EARLY = 20_000;

    /** What became of an event. */
    public sealed interface Fate {
    }

    /** It stands in its channel. */
    public record InChannel(long position) implements Fate {
    }

    /** The pipeline refused it. */
    public record Refused(Rejection rejection) implements Fate {
    }

    private final int capacity;
    private final BiConsumer<T, Fate> listener;

    /** By their ids in their channels; with the rest, guarded by this. */
    private final Map<String, T> expected;

    /** By partition of {@link Topics#RAW}, as refusals name it. */
    private final Map<String, Places<T>> acknowledged = new HashMap<>();

    /** By the places of records that are not acknowledged yet, or that somebody else sent. */
    private final Map<String, Rejection> early;

    /**
     * @param capacity how many events are remembered: expected ones, and acknowledged ones in each partition
     * @param listener is told of each fate, by the call that makes it known
     */
    public Fates(int capacity, BiConsumer<T, Fate> listener) {
        this.capacity = capacity;
        this.listener = listener;
        this.expected = bounded(capacity);
        this.early = bounded(Math.min(capacity, MOST_EARLY));
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

    /**
     * An event is about to be sent that will stand in a channel, unless it is refused.
     *
     * @param known what it is known as
     */
    public synchronized void expect(RawEvent event, T known) {
        expected.put(id(event), known);
    }

    /** An event is expected no longer: Kafka didn't take it, or it was refused. */
    public synchronized void forget(RawEvent event) {
        expected.remove(id(event));
    }

    private static String id(RawEvent event) {
        return ChannelRecord.id(event.userId(), event.messageId());
    }

    /** Kafka has an event. To be called for the events of a partition in their order there, as the producer does. */
    public void acknowledged(T known, RecordMetadata place) {
        String partition = new TopicPartition(place.topic(), place.partition()).toString();
        Rejection rejection;
        synchronized (this) {
            rejection = early.remove(partition + '@' + place.offset());
            if (rejection == null) {
                acknowledged.computeIfAbsent(partition, name -> new Places<>()).add(place.offset(), known, capacity);
            }
        }
        if (rejection != null) {
            listener.accept(known, new Refused(rejection));
        }
    }

    /** All that was acknowledged so far is judged, and what was refused of it was read: none of it is remembered. */
    public synchronized void settled() {
        acknowledged.clear();
    }

    /** A record of {@link Topics#REFUSALS} was read; what the pipeline did not write there is left out. */
    public void refused(ConsumerRecord<byte[], byte[]> record) {
        Rejection.fromHeaders(record.headers()).ifPresent(rejection -> {
            T known;
            synchronized (this) {
                known = take(rejection.source());
                if (known == null && lengthOf(rejection) <= LONGEST) {
                    early.put(rejection.source(), rejection);
                }
            }
            if (known != null) {
                listener.accept(known, new Refused(rejection));
            }
        });
    }

    /** Records stand in their channels, whoever wrote them. */
    public void arrived(List<PlacedRecord> records) {
        for (PlacedRecord placed : records) {
            T known;
            synchronized (this) {
                known = expected.remove(placed.record().id());
            }
            if (known != null) {
                listener.accept(known, new InChannel(placed.position()));
            }
        }
    }

    /** The event that was written there, the first time that it is asked for; null if none is known. */
    private T take(String source) {
        int at = source.lastIndexOf('@');
        Places<T> places = at < 0 ? null : acknowledged.get(source.substring(0, at));
        try {
            return places == null ? null : places.take(Long.parseLong(source.substring(at + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int lengthOf(Rejection rejection) {
        return rejection.source().length() + rejection.code().length() + rejection.reason().length();
    }

    /** What was written where in a partition: in arrays, since all of an import is kept until its end. */
    private static final class Places<T> {

        private long[] offsets = new long[16];
        private Object[] events = new Object[offsets.length];
        private int begin;
        private int end;

        void add(long offset, T event, int capacity) {
            if (begin < end && offset <= offsets[end - 1]) {
                // It is another topic of that name, which knows nothing of what was written before.
                clear();
            }
            if (end - begin == capacity) {
                events[begin++] = null;
            }
            if (end == offsets.length) {
                makeRoom();
            }
            offsets[end] = offset;
            events[end++] = event;
        }

        private void clear() {
            Arrays.fill(events, begin, end, null);
            begin = 0;
            end = 0;
        }

        private void makeRoom() {
            int kept = end - begin;
            int size = Math.max(offsets.length, 2 * kept);
            offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, begin, end), size);
            events = Arrays.copyOf(Arrays.copyOfRange(events, begin, end), size);
            begin = 0;
            end = kept;
        }

        @SuppressWarnings("unchecked")
        T take(long offset) {
            int index = Arrays.binarySearch(offsets, begin, end, offset);
            if (index < 0) {
                return null;
            }
            T event = (T) events[index];
            events[index] = null;
            return event;
        }
    }
}
