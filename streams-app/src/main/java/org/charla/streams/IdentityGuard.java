package org.charla.streams;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Looks up whose event it is, and rejects it where it is somebody else's, or for a channel and of a user without a profile. It reads
 * what {@link UserRecorder} wrote for the records before, in the order of the partition.
 */
final class IdentityGuard extends ContextualFixedKeyProcessor<byte[], Judged, Judged> {

    private final IdentityRules rules;
    private Users users;

    IdentityGuard(IdentityRules rules) {
        this.rules = rules;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        super.init(context);
        users = new Users(context);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        Judged judged = record.value();
        if (judged.isAccepted()) {
            judged = rules.judge(judged.withUser(users.get(record.key())), record.key());
            if (judged.isAccepted() && judged.event() instanceof RawEvent.InChannel && judged.user().profile().isEmpty()) {
                judged = judged.reject(RejectionCode.UNKNOWN_USER, "The user has no profile; send one first.");
            }
        }
        context().forward(record.withValue(judged));
    }
}
