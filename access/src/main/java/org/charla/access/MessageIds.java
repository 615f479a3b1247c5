package org.charla.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes message ids: UUIDs of version 7 (RFC 9562, section 5.7), each greater than the one before, also when the clock
 * stands or goes back (section 6.2, method 2). Thread-safe.
 */
public final class MessageIds {

    private static final int RAND_A_BITS = 12;
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000000000000000L;
    private static final long MAX_RAND_B = (1L << 62) - 1;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private long millis;
    private int randA;
    private long randB;

    public MessageIds(Clock clock) {
        this.clock = clock;
    }

    /** An id that was not given before. */
    public synchronized String next() {
        long now = clock.millis();
        if (now > millis) {
            millis = now;
            randA = random.nextInt(1 << RAND_A_BITS);
            // One bit less than there is room for: what counts on from here doesn't run out within a millisecond.
            randB = random.nextLong() & (MAX_RAND_B >> 1);
        } else {
            randB++;
        }
        return new UUID(millis << 16 | VERSION | randA, VARIANT | randB).toString();
    }
}
