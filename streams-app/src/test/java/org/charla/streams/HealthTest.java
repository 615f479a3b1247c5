package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.charla.streams.Health.Sample;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final long NOT_READY = Health.NOT_READY_AFTER.toMillis();
    private static final long NOT_LIVE = Health.NOT_LIVE_AFTER.toMillis();

    private final Health health = new Health(0);

    @Test
    void isLiveButNotReadyUntilItRuns() {
        health.observe(new Sample(false, true, 0, 0), 1_000);
        assertThat(health.isReady(1_000)).isFalse();
        assertThat(health.isLive(1_000)).isTrue();
        health.observe(new Sample(true, true, 0, 0), 2_000);
        assertThat(health.isReady(2_000)).isTrue();
    }

    @Test
    void isReadyWhileThereIsNothingToDo() {
        health.observe(new Sample(true, true, 0, 7), 1_000);
        health.observe(new Sample(true, true, 0, 7), 1_000 + NOT_LIVE);
        assertThat(health.isReady(1_000 + NOT_LIVE)).isTrue();
    }

    @Test
    void isReadyWhileItGetsOnHoweverMuchThereIs() {
        health.observe(new Sample(true, true, 1_000_000, 7), 1_000);
        health.observe(new Sample(true, true, 1_000_000, 8), NOT_LIVE);
        assertThat(health.isReady(NOT_LIVE + 1)).isTrue();
    }

    @Test
    void isNotReadyWhenItRunsWithoutGettingOn() {
        health.observe(new Sample(true, true, 1, 7), 0);
        health.observe(new Sample(true, true, 1, 7), NOT_READY);
        assertThat(health.isReady(NOT_READY)).isFalse();
        assertThat(health.isLive(NOT_READY)).isTrue();
    }

    @Test
    void isNotLiveWhenItDoesNotGetOnForTooLong() {
        health.observe(new Sample(true, true, 1, 7), 0);
        health.observe(new Sample(true, true, 1, 7), NOT_LIVE);
        assertThat(health.isLive(NOT_LIVE)).isFalse();
    }

    @Test
    void isNotLiveWhenItNeverComesToRunThoughTheClusterAnswers() {
        health.observe(new Sample(false, true, 0, 0), NOT_LIVE);
        assertThat(health.isLive(NOT_LIVE)).isFalse();
    }

    @Test
    void isNotReadyButLiveHoweverLongTheClusterIsAway() {
        health.observe(new Sample(true, false, 1, 7), 10 * NOT_LIVE);
        assertThat(health.isReady(10 * NOT_LIVE)).isFalse();
        assertThat(health.isLive(10 * NOT_LIVE)).isTrue();
    }
}
