package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

    private final RestartBudget budget = new RestartBudget(2, Duration.ofSeconds(10));

    @Test
    void allowsSoManyWithinAPeriodAndNoMore() {
        assertThat(budget.take(0)).isTrue();
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.take(9_999)).isFalse();
    }

    @Test
    void forgetsARestartWhenThePeriodHasPassed() {
        budget.take(0);
        budget.take(5_000);
        assertThat(budget.take(10_000)).isTrue();
        assertThat(budget.take(10_001)).isFalse();
    }
}
