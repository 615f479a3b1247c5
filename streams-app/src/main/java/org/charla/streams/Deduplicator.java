package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;

/**
 * Drops, and counts, an event whose user and message id were accepted within the window before it. One look-up in a
 * window store for each valid event.
 */
final class Deduplicator extends ContextualFixedKeyProcessor<byte[], Judged, Judged> {

    private final long windowMs;
    private WindowStore<String, byte[]> acceptedIds;
    private Sensor duplicates;

    Deduplicator(Duration window) {
        this.windowMs = window.toMillis();
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        super.init(context);
        acceptedIds = context.getStateStore(StateStores.ACCEPTED_IDS);
        duplicates = Metrics.duplicates(context);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        if (record.value().isAccepted() && wasAccepted(record.value().event(), record.timestamp())) {
            duplicates.record();
            return;
        }
        context().forward(record);
    }

    private boolean wasAccepted(RawEvent event, long now) {
        String id = ChannelMessage.id(event.userId(), event.messageId());
        // A new leader's clock may be behind the old one's: an id accepted "later" than now is known all the same.
        try (WindowStoreIterator<byte[]> found = acceptedIds.fetch(id, Math.max(0, now - windowMs), now + windowMs)) {
            return found.hasNext();
        }
    }
}
