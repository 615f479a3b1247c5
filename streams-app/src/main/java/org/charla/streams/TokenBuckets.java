package org.charla.streams;

import java.util.OptionalLong;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** One bucket a user under one limit, kept in the topology's store of all buckets. */
final class TokenBuckets {

    private final String prefix;
    private final RateLimit limit;
    private final KeyValueStore<String, Long> store;

    /**
     * Buckets in the store that is connected to this processor.
     *
     * @param name tells this limit's buckets from those of others in the same store
     */
    TokenBuckets(String name, RateLimit limit, FixedKeyProcessorContext<?, ?> context) {
        this.prefix = name + '/';
        this.limit = limit;
        this.store = context.getStateStore(StateStores.TOKEN_BUCKETS);
    }

    /** Draws a token of this user's at this time, in epoch milliseconds; false where there is none. */
    boolean draw(String userId, long nowMs) {
        String key = prefix + userId;
        Long state = store.get(key);
        OptionalLong drawn = limit.draw(state == null ? RateLimit.FULL : state, nowMs);
        drawn.ifPresent(fullAt -> store.put(key, fullAt));
        return drawn.isPresent();
    }
}
