package org.charla.streams;

import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Counts accepted events and remembers their ids for the {@link Deduplicator} and {@link EditTargets}. It stands behind all that
 * can reject, so that a rejected event may be sent again, and a flood of them does not fill the filter. A rule is accepted, and
 * counted, only behind the {@link ChannelJudge}.
 */
final class AcceptedIdRecorder extends ContextualFixedKeyProcessor<byte[], Judged, Judged> {

    private final Map<TaskId, RecentIds> recentIdsByTask;
    private WindowStore<String, byte[]> acceptedIds;
    private RecentIds recentIds;
    private Sensor accepted;

    /** @param recentIdsByTask the filter of each task's {@link Deduplicator}, which begins before this */
    AcceptedIdRecorder(Map<TaskId, RecentIds> recentIdsByTask) {
        this.recentIdsByTask = recentIdsByTask;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        super.init(context);
        acceptedIds = context.getStateStore(StateStores.ACCEPTED_IDS);
        recentIds = recentIdsByTask.get(context.taskId());
        accepted = Metrics.accepted(context);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        Judged judged = record.value();
        if (judged.isAccepted()) {
            acceptedIds.put(judged.id(), AcceptedIds.of(judged.event()), record.timestamp());
            recentIds.add(judged.id(), record.timestamp());
            if (judged.route() != Judged.Route.RULES) {
                accepted.record();
            }
        }
        context().forward(record);
    }
}
