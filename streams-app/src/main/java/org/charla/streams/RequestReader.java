package org.charla.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.RejectionCode;

/**
 * Reads what the channels' judge is asked, and refuses it where the judge has failed at it. What the other application did not
 * write is skipped: nobody waits for an answer to it.
 */
final class RequestReader extends ContextualProcessor<byte[], byte[], byte[], Judged> {

    private final Suspects suspects;
    private final String topic;
    private SkippedRecords skipped;

    RequestReader(Suspects suspects, String topic) {
        this.suspects = suspects;
        this.topic = topic;
    }

    @Override
    public void init(ProcessorContext<byte[], Judged> context) {
        super.init(context);
        skipped = new SkippedRecords(topic, context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Optional<Record<byte[], Judged>> request = ChannelRequest.read(record);
        if (request.isEmpty()) {
            skipped.add("It is no request.");
            return;
        }
        Judged judged = request.get().value();
        Optional<String> failed = suspects.verdict(suspects.attempt().inHand());
        if (failed.isEmpty()) {
            context().forward(request.get());
        } else if (judged.route() == Judged.Route.RULES) {
            context().forward(request.get().withValue(judged.reject(RejectionCode.UNPROCESSABLE, failed.get())));
        }
        // A message that claims is in its channel already: it can't be refused any more, and the next one claims again.
    }
}
