package org.charla.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.charla.protocol.RejectionCode;

/**
 * Rejects what a user sends beyond the flood limit, where there is one. Messages and profiles count alike; what an operator
 * signed on a user's behalf does not count.
 */
final class FloodGuard implements Step {

    private final Optional<RateLimit> limit;
    private Optional<TokenBuckets> buckets;

    FloodGuard(Optional<RateLimit> limit) {
        this.limit = limit;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        buckets = limit.map(l -> new TokenBuckets("flood", l, context));
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        return judged.isAccepted() && buckets.isPresent() && judged.signer() != Signer.OPERATOR
                && !buckets.get().draw(judged.event().userId(), judged.source().timestamp())
                ? judged.reject(RejectionCode.RATE_LIMITED, "The user sends too much; wait a moment.") : judged;
    }
}
