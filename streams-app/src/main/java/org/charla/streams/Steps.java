package org.charla.streams;

import java.util.List;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Steps in a row, each of which gets what the one before it has left. One processor for all: to pass a record from one to
 * the next costs Kafka Streams as much as most of the steps.
 */
final class Steps extends ContextualFixedKeyProcessor<byte[], Judged, Judged> {

    private final List<Step> steps;

    Steps(Step... steps) {
        this.steps = List.of(steps);
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        super.init(context);
        steps.forEach(step -> step.init(context));
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        Judged judged = record.value();
        for (Step step : steps) {
            judged = step.take(judged, record.key());
            if (judged == null) {
                return;
            }
        }
        context().forward(record.withValue(judged));
    }
}
