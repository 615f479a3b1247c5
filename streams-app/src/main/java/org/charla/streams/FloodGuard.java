package org.charla.streams;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.charla.protocol.RejectionCode;

/**
 * Rejects what a user sends beyond the flood limit, where there is one. Messages and profiles count alike; what an operator
 * signed on a user's behalf does not count. Of rules fewer may come, whatever the limit: each is answered by all that holds
 * in its channel, which may be half a megabyte, and kept where that is remembered.
 */
final class FloodGuard implements Step {

    private static final RateLimit OF_RULES = new RateLimit(1_000, Duration.ofSeconds(6));

    private final Optional<RateLimit> limit;
    private Optional<TokenBuckets> buckets;
    private TokenBuckets ofRules;

    FloodGuard(Optional<RateLimit> limit) {
        this.limit = limit;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        buckets = limit.map(l -> new TokenBuckets("flood", l, context));
        ofRules = new TokenBuckets("rules", OF_RULES, context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        if (!judged.isAccepted() || judged.signer() == Signer.OPERATOR) {
            return judged;
        }
        String userId = judged.event().userId();
        long now = judged.source().timestamp();
        boolean isTooMuch = buckets.isPresent() && !buckets.get().draw(userId, now)
                || judged.route() == Judged.Route.RULES && !ofRules.draw(userId, now);
        return isTooMuch ? judged.reject(RejectionCode.RATE_LIMITED, "The user sends too much; wait a moment.") : judged;
    }
}
