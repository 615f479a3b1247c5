package org.charla.streams;

import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;

/** Remembers what accepted profiles say for the {@link IdentityGuard}. It stands behind all that can reject. */
final class UserRecorder implements Step {

    private Users users;

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        users = new Users(context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        if (judged.route() == Judged.Route.PROFILES) {
            users.put(key, judged.toUser(), judged.source().timestamp());
        }
        return judged;
    }
}
