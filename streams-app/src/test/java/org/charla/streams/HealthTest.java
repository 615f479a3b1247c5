package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.charla.streams.Health.Sample;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final long NOT_READY = Health.NOT_READY_AFTER.toMillis();
    private static final long NOT_LIVE = Health.NOT_LIVE_AFTER.toMillis();

    private final Health health = new Health(0);

    private static Sample sample(boolean running, boolean reachable, long lag, long processed) {
        return new Sample(running, reachable, lag, processed, Optional.empty(), Optional.empty());
    }

    @Test
    void isLiveButNotReadyUntilItRuns() {
        health.observe(sample(false, true, 0, 0), 1_000);
        assertThat(health.objection(1_000)).isPresent();
        assertThat(health.isLive(1_000)).isTrue();
        health.observe(sample(true, true, 0, 0), 2_000);
        assertThat(health.objection(2_000)).isEmpty();
    }

    @Test
    void isReadyWhileThereIsNothingToDo() {
        health.observe(sample(true, true, 0, 7), 1_000);
        health.observe(sample(true, true, 0, 7), 1_000 + NOT_LIVE);
        assertThat(health.objection(1_000 + NOT_LIVE)).isEmpty();
    }

    @Test
    void isReadyWhileItGetsOnHoweverMuchThereIs() {
        health.observe(sample(true, true, 1_000_000, 7), 1_000);
        health.observe(sample(true, true, 1_000_000, 8), NOT_LIVE);
        assertThat(health.objection(NOT_LIVE + 1)).isEmpty();
    }

    @Test
    void isNotReadyWhenItRunsWithoutGettingOn() {
        health.observe(sample(true, true, 1, 7), 0);
        health.observe(sample(true, true, 1, 7), NOT_READY);
        assertThat(health.objection(NOT_READY)).isPresent();
        assertThat(health.isLive(NOT_READY)).isTrue();
    }

    @Test
    void isNotLiveWhenItDoesNotGetOnForTooLong() {
        health.observe(sample(true, true, 1, 7), 0);
        health.observe(sample(true, true, 1, 7), NOT_LIVE);
        assertThat(health.isLive(NOT_LIVE)).isFalse();
    }

    @Test
    void isNotLiveWhenItNeverComesToRunThoughTheClusterAnswers() {
        health.observe(sample(false, true, 0, 0), NOT_LIVE);
        assertThat(health.isLive(NOT_LIVE)).isFalse();
    }

    @Test
    void isNotReadyButLiveHoweverLongTheClusterIsAway() {
        health.observe(sample(true, false, 1, 7), 10 * NOT_LIVE);
        assertThat(health.objection(10 * NOT_LIVE)).isPresent();
        assertThat(health.isLive(10 * NOT_LIVE)).isTrue();
    }

    @Test
    void isNotReadyButLiveWhileATransactionHoldsReadersBack() {
        StableOffsets.Behind heldBack = new StableOffsets.Behind(new TopicPartition("chat.raw", 3), 17, 1, NOT_LIVE);
        health.observe(new Sample(true, true, 0, 7, Optional.empty(), Optional.of(heldBack)), NOT_LIVE);
        assertThat(health.objection(NOT_LIVE)).contains(heldBack.toString());
        assertThat(health.isLive(NOT_LIVE)).isTrue();
    }

    @Test
    void saysWhatKeepsItFromRunningAndIsLiveMeanwhile() {
        StableOffsets.Behind heldBack = new StableOffsets.Behind(new TopicPartition("a-changelog", 3), 17, 1, NOT_LIVE);
        health.observe(new Sample(false, true, 0, 0, Optional.empty(), Optional.of(heldBack)), NOT_LIVE);
        assertThat(health.objection(NOT_LIVE)).contains(heldBack.toString());
        assertThat(health.isLive(NOT_LIVE)).isTrue();
        health.observe(new Sample(false, true, 0, 0, Optional.of("It is wrong."), Optional.empty()), 2 * NOT_LIVE);
        assertThat(health.objection(2 * NOT_LIVE)).contains("It is wrong.");
        assertThat(health.isLive(2 * NOT_LIVE)).isTrue();
    }
}
