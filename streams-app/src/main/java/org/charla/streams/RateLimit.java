package org.charla.streams;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A token bucket that needs one number of state: the time at which the bucket will be full again, in microseconds
 * (the generic cell rate algorithm, ITU-T I.371, in its virtual scheduling form).
 *
 * @param tokens how many a full bucket holds: what may come at once
 * @param refill how long one token takes to come back
 */
record RateLimit(long tokens, Duration refill) {

    /** What a bucket that was never drawn from holds as its state. */
    static final long FULL = 0;

    RateLimit {
        if (tokens < 1 || refill.isNegative() || refill.isZero()) {
            throw new IllegalArgumentException("a bucket holds at least one token and takes time to refill");
        }
    }

    /**
     * Draws a token at a time.
     *
     * @param fullAt the state so far, or {@link #FULL}
     * @param nowMs the time of the event in epoch milliseconds
     * @return the new state, or empty where there is no token
     */
    OptionalLong draw(long fullAt, long nowMs) {
        long now = nowMs * 1_000;
        long perToken = Math.max(1, refill.toNanos() / 1_000);
        long drawn = Math.max(fullAt, now) + perToken;
        return drawn - now <= tokens * perToken ? OptionalLong.of(drawn) : OptionalLong.empty();
    }
}
