package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.charla.protocol.RawEvent;

/**
 * Drops, and counts, an event whose user and message id were accepted within the window before it. What a
 * filter doesn't know is new; only for the others a range of a window store is searched.
 */
final class Deduplicator implements Step {

    /** What the filter takes in at a start, about a second's work; of more it would not know much anyway. */
    private static final int MOST_READ = 2_000_000;

    private final long windowMs;
    private WindowStore<String, byte[]> acceptedIds;
    private RecentIds recentIds;
    private Sensor duplicates;

    Deduplicator(Duration window) {
        this.windowMs = window.toMillis();
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        acceptedIds = context.getStateStore(StateStores.ACCEPTED_IDS);
        recentIds = new RecentIds(windowMs);
        readNewestIds();
        duplicates = Metrics.duplicates(context);
    }

    private void readNewestIds() {
        int left = MOST_READ;
        try (KeyValueIterator<Windowed<String>, byte[]> newest = acceptedIds.backwardAll()) {
            while (newest.hasNext()) {
                Windowed<String> id = newest.next().key;
                if (left == 0) {
                    // The newest segment comes first, but within one the order is that of the ids.
                    recentIds.forgetUpTo(id.window().start() + windowMs);
                    return;
                }
                recentIds.add(id.key(), id.window().start());
                left--;
            }
        }
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        if (judged.isAccepted() && isDuplicate(judged, judged.source().timestamp())) {
            duplicates.record();
            return null;
        }
        return judged;
    }

    /** Tells of an id that the store has from now on. */
    void remember(String id, long acceptedAt) {
        recentIds.add(id, acceptedAt);
    }

    private boolean isDuplicate(Judged judged, long now) {
        if (!recentIds.mayContain(judged.id(), now)) {
            return false;
        }
        // A rule that was let pass may have been refused behind that: only its channel's judge knows.
        return AcceptedIds.anyMatch(acceptedIds, judged.id(), now, windowMs,
                kept -> !(judged.event() instanceof RawEvent.Rule rule && AcceptedIds.isRule(kept, rule)));
    }
}
