package org.charla.streams;

import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Looks up whose event it is, and rejects it where it is somebody else's, or for a channel and of a user without a profile. It reads
 * what {@link UserRecorder} wrote for the records before, in the order of the partition.
 */
final class IdentityGuard implements Step {

    private final IdentityRules rules;
    private Users users;

    IdentityGuard(IdentityRules rules) {
        this.rules = rules;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        users = new Users(context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        if (!judged.isAccepted()) {
            return judged;
        }
        Judged identified = rules.judge(judged.withUser(users.get(key)), key);
        return identified.isAccepted() && identified.event() instanceof RawEvent.InChannel
                && identified.user().profile().isEmpty()
                ? identified.reject(RejectionCode.UNKNOWN_USER, "The user has no profile; send one first.") : identified;
    }
}
