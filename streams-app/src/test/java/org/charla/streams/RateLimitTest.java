package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long NOW = 1_763_791_200_000L;

    private final RateLimit limit = new RateLimit(3, Duration.ofSeconds(10));

    @Test
    void givesAFullBucketAtOnceAndNoMore() {
        assertThat(drawnAt(NOW, NOW, NOW, NOW, NOW)).isEqualTo(3);
    }

    @Test
    void givesATokenBackAsSoonAsItsTimeHasPassed() {
        assertThat(drawnAt(NOW, NOW, NOW, NOW + 9_999)).isEqualTo(3);
        assertThat(drawnAt(NOW, NOW, NOW, NOW + 10_000)).isEqualTo(4);
    }

    @Test
    void holdsNoMoreThanAFullBucketHoweverLongItRests() {
        long later = NOW + Duration.ofDays(30).toMillis();
        assertThat(drawnAt(NOW, later, later, later, later)).isEqualTo(4);
    }

    @Test
    void doesNotCountWhatItRefused() {
        assertThat(drawnAt(NOW, NOW, NOW, NOW + 5_000, NOW + 5_000, NOW + 10_000)).isEqualTo(4);
    }

    @Test
    void standsStillWhenTheClockStepsBack() {
        assertThat(drawnAt(NOW, NOW, NOW, NOW - 60_000)).isEqualTo(3);
    }

    @Test
    void countsRatesOfMoreThanAThousandASecond() {
        RateLimit fast = new RateLimit(1, Duration.ofSeconds(1).dividedBy(10_000));
        OptionalLong first = fast.draw(RateLimit.FULL, NOW);
        assertThat(fast.draw(first.getAsLong(), NOW)).isEmpty();
        assertThat(fast.draw(first.getAsLong(), NOW + 1)).isPresent();
    }

    private int drawnAt(long... times) {
        long state = RateLimit.FULL;
        int drawn = 0;
        for (long time : times) {
            OptionalLong next = limit.draw(state, time);
            if (next.isPresent()) {
                state = next.getAsLong();
                drawn++;
            }
        }
        return drawn;
    }
}
