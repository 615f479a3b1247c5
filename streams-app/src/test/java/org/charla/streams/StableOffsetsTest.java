package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.charla.protocol.Topics;
import org.junit.jupiter.api.Test;

class StableOffsetsTest {

    private static final TopicPartition RAW = new TopicPartition(Topics.RAW, 3);
    private static final TopicPartition GENERAL = new TopicPartition(Topics.ofChannel("general"), 0);
    private static final long LIMIT = StableOffsets.HELD_BACK_AFTER.toMillis();

    private final StableOffsets offsets = new StableOffsets();

    private void observe(TopicPartition partition, long stable, long end, long nowMs) {
        offsets.observe(Set.of(RAW, GENERAL), Map.of(partition, end), Map.of(partition, stable), nowMs);
    }

    private boolean isHeldBack() {
        return offsets.longest().filter(StableOffsets.Behind::isHeldBack).isPresent();
    }

    @Test
    void knowsOfNothingBehindWhereAllIsStable() {
        observe(RAW, 17, 17, 0);
        assertThat(offsets.longest()).isEmpty();
    }

    @Test
    void tellsWhereReadersAreHeldBackAndSinceWhen() {
        observe(RAW, 17, 18, 1_000);
        assertThat(isHeldBack()).isFalse();
        observe(RAW, 17, 40, 1_000 + LIMIT);
        assertThat(isHeldBack()).isTrue();
        assertThat(offsets.longest()).contains(new StableOffsets.Behind(RAW, 17, 23, LIMIT));
        assertThat(offsets.longest().get()).hasToString(
                "A transaction has been open at offset 17 of chat.raw-3 for 5 s, and readers wait there.");
        observe(RAW, 40, 40, 2_000 + LIMIT);
        assertThat(offsets.longest()).isEmpty();
    }

    @Test
    void doesNotMindOneTransactionAfterTheOtherWhenEachEndsInTime() {
        for (long now = 0; now < 20 * LIMIT; now += 1_000) {
            observe(GENERAL, now, now + 1_500, now);
            assertThat(isHeldBack()).isFalse();
        }
    }

    @Test
    void seesTransactionsThatAreOpenedOneAfterTheOtherSoThatReadersNeverCatchUp() {
        long behind = 3 * LIMIT;
        for (long now = 0; now < 20 * LIMIT; now += 500) {
            observe(RAW, Math.max(0, now - behind), now + 1, now);
            if (now >= LIMIT) {
                assertThat(isHeldBack()).as("at %d ms", now).isTrue();
            }
        }
        assertThat(offsets.delayMs(Topics.RAW)).isBetween(behind * 9 / 10, behind);
    }

    @Test
    void countsByTopicAndAllChannelsTogether() {
        TopicPartition kafka = new TopicPartition(Topics.ofChannel("kafka"), 0);
        TopicPartition changelog = new TopicPartition("charla-streams-users-changelog", 0);
        Map<TopicPartition, Long> ends = Map.of(RAW, 10L, GENERAL, 20L, kafka, 30L, changelog, 40L);
        Map<TopicPartition, Long> stable = Map.of(RAW, 10L, GENERAL, 18L, kafka, 27L, changelog, 36L);
        offsets.observe(ends.keySet(), ends, stable, 0);
        offsets.observe(ends.keySet(), ends, stable, 700);
        assertThat(offsets.records(Topics.RAW)).isZero();
        assertThat(offsets.delayMs(Topics.RAW)).isZero();
        assertThat(offsets.records("chat.channel.*")).isEqualTo(5);
        assertThat(offsets.delayMs("chat.channel.*")).isEqualTo(700);
        assertThat(offsets.records("internal")).isEqualTo(4);
    }

    @Test
    void keepsWhatItKnowsOfAPartitionThatGivesNoAnswerAndForgetsOneThatIsGone() {
        observe(RAW, 17, 18, 0);
        offsets.observe(Set.of(RAW), Map.of(), Map.of(), LIMIT);
        assertThat(isHeldBack()).isTrue();
        offsets.observe(Set.of(GENERAL), Map.of(), Map.of(), LIMIT);
        assertThat(offsets.longest()).isEmpty();
    }

    @Test
    void startsAnewWithATopicThatWasMadeAnew() {
        observe(GENERAL, 500, 600, 0);
        observe(GENERAL, 3, 4, LIMIT);
        assertThat(isHeldBack()).isFalse();
    }
}
