package org.charla.streams;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Asks the channels' judge about a rule. */
final class ChannelRequestWriter extends ContextualProcessor<byte[], Judged, byte[], byte[]> {

    @Override
    public void process(Record<byte[], Judged> record) {
        context().forward(ChannelRequest.write(record));
    }
}
