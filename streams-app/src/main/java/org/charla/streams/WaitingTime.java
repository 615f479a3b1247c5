package org.charla.streams;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Bounds how long a thread stands still for the sake of a few messages: so long in a row, then a fifth of the time. Not
 * thread-safe.
 */
final class WaitingTime {

    private static final int SHARE = 5;

    private final Duration most;
    private final LongSupplier clock;
    private long leftNanos;
    private long countedAt;

    /**
     * @param most in a row
     * @param clock nanoseconds of a monotonic clock
     */
    WaitingTime(Duration most, LongSupplier clock) {
        this.most = most;
        this.clock = clock;
        this.leftNanos = most.toNanos();
        this.countedAt = clock.getAsLong();
    }

    /** How long somebody may wait from now on, in nanoseconds; 0 or less: not at all. */
    long leftNanos() {
        long now = clock.getAsLong();
        leftNanos = Math.min(most.toNanos(), leftNanos + (now - countedAt) / SHARE);
        countedAt = now;
        return leftNanos;
    }

    /** Counts what somebody waited. */
    void spend(long nanos) {
        leftNanos -= nanos;
    }
}
