package org.charla.streams;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Remembers what accepted profiles say for the {@link IdentityGuard}. It stands behind all that can reject. */
final class UserRecorder extends ContextualFixedKeyProcessor<byte[], Judged, Judged> {

    private Users users;

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        super.init(context);
        users = new Users(context);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        if (record.value().route() == Judged.Route.PROFILES) {
            users.put(record.key(), record.value().toUser(), record.timestamp());
        }
        context().forward(record);
    }
}
