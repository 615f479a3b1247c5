package org.charla.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Allows so many restarts within a period and no more. Not thread-safe. */
final class RestartBudget {

    private final int limit;
    private final long periodMs;
    private final Deque<Long> restarts = new ArrayDeque<>();

    RestartBudget(int limit, Duration period) {
        this.limit = limit;
        this.periodMs = period.toMillis();
    }

    /** Whether one more restart is allowed at this time, in milliseconds; if so it counts. */
    boolean take(long nowMs) {
        while (!restarts.isEmpty() && nowMs - restarts.peek() >= periodMs) {
            restarts.remove();
        }
        return restarts.size() < limit && restarts.add(nowMs);
    }
}
