package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingTimeTest {

    private long nowMs = 1_000;
    private final WaitingTime waiting =
            new WaitingTime(Duration.ofMillis(700), () -> TimeUnit.MILLISECONDS.toNanos(nowMs));

    private long leftMs() {
        return TimeUnit.NANOSECONDS.toMillis(waiting.leftNanos());
    }

    private void waitFor(long ms) {
        nowMs += ms;
        waiting.spend(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Test
    void isSoMuchInARow() {
        assertThat(leftMs()).isEqualTo(700);
        waitFor(300);
        assertThat(leftMs()).isEqualTo(460);
        waitFor(460);
        assertThat(leftMs()).isLessThan(100);
    }

    @Test
    void comesBackAtAFifthOfTheTime() {
        waitFor(1_000);
        assertThat(leftMs()).isNegative();
        nowMs += 1_000;
        assertThat(leftMs()).isEqualTo(100);
    }

    @Test
    void isNeverMoreThanTheMost() {
        waitFor(100);
        nowMs += 100_000;
        assertThat(leftMs()).isEqualTo(700);
    }
}
