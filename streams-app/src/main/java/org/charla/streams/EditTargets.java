package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.WindowStore;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Rejects an edit of what is not, among the accepted ids that are remembered, a message to its channel. That it is the author's
 * own its name says already, and so it is remembered in the author's partition.
 */
final class EditTargets implements Step {

    private final long windowMs;
    private WindowStore<String, byte[]> acceptedIds;

    /** @param window for how long accepted ids are remembered */
    EditTargets(Duration window) {
        this.windowMs = window.toMillis();
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        acceptedIds = context.getStateStore(StateStores.ACCEPTED_IDS);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        boolean isUnknown = judged.isAccepted() && judged.event() instanceof RawEvent.Edit edit
                && !isMessage(edit, judged.source().timestamp());
        return isUnknown ? judged.reject(RejectionCode.UNKNOWN_MESSAGE,
                "The user sent no such message to the channel within " + Duration.ofMillis(windowMs).toMinutes()
                        + " minutes; older ones can't be edited.") : judged;
    }

    private boolean isMessage(RawEvent.Edit edit, long now) {
        return AcceptedIds.anyMatch(
                acceptedIds, edit.target(), now, windowMs, kept -> AcceptedIds.isMessage(kept, edit.channel()));
    }
}
