package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When each user last posted to a channel with slow mode, beside the token buckets: whatever the channel's time between two
 * messages is changed to, it counts from there.
 */
final class SlowMode {

    private final KeyValueStore<String, Long> store;

    /** In the store that is connected to this processor. */
    SlowMode(FixedKeyProcessorContext<?, ?> context) {
        store = context.getStateStore(StateStores.TOKEN_BUCKETS);
    }

    /**
     * Posts at a time, in epoch milliseconds, where that is allowed.
     *
     * @param between what is to lie between two messages
     * @return how long the user has yet to wait, which is zero where they have posted
     */
    Duration post(String channel, String userId, Duration between, long nowMs) {
        String key = "slow/" + channel + '/' + userId;
        Long lastMs = store.get(key);
        long waitMs = lastMs == null ? 0 : Math.min(between.toMillis(), lastMs + between.toMillis() - nowMs);
        if (waitMs > 0) {
            return Duration.ofMillis(waitMs);
        }
        store.put(key, nowMs);
        return Duration.ZERO;
    }
}
