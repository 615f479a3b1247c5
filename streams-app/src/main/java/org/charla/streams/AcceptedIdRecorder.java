package org.charla.streams;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Counts accepted events and remembers their ids for the {@link Deduplicator} and {@link EditTargets}. It stands behind all that
 * can reject, so that a rejected event may be sent again, and a flood of them does not fill the filter. A rule is accepted, and
 * counted, only behind the {@link ChannelJudge}.
 */
final class AcceptedIdRecorder implements Step {

    private final Deduplicator deduplicator;
    private WindowStore<String, byte[]> acceptedIds;
    private Sensor accepted;

    AcceptedIdRecorder(Deduplicator deduplicator) {
        this.deduplicator = deduplicator;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        acceptedIds = context.getStateStore(StateStores.ACCEPTED_IDS);
        accepted = Metrics.accepted(context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        if (judged.isAccepted()) {
            acceptedIds.put(judged.id(), AcceptedIds.of(judged.event()), judged.source().timestamp());
            deduplicator.remember(judged.id(), judged.source().timestamp());
            if (judged.route() != Judged.Route.RULES) {
                accepted.record();
            }
        }
        return judged;
    }
}
