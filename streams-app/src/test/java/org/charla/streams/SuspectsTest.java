package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class SuspectsTest {

    private static final Source SOURCE = new Source("chat.raw", 3, 7, 1_000);

    private final Suspects suspects = new Suspects();

    private boolean fails(Source source, Throwable error) {
        return suspects.startsAgain(source, "sending", error);
    }

    @Test
    void areToBeRefusedAfterTheSecondFailure() {
        assertThat(fails(SOURCE, new RecordTooLargeException())).isTrue();
        assertThat(suspects.verdict(SOURCE)).isEmpty();
        assertThat(fails(SOURCE, new RecordTooLargeException())).isTrue();
        assertThat(suspects.verdict(SOURCE)).hasValueSatisfying(reason ->
                assertThat(reason).contains("sending").contains("RecordTooLarge"));
    }

    @Test
    void areNotTriedAgainWhenEvenTheRejectionFails() {
        fails(SOURCE, new RecordTooLargeException());
        fails(SOURCE, new RecordTooLargeException());
        assertThat(fails(SOURCE, new RecordTooLargeException())).isFalse();
        assertThat(suspects.verdict(SOURCE)).isPresent();
    }

    @Test
    void areNotThoseNextToThemNorOneOfATopicThatWasMadeAnew() {
        fails(SOURCE, new RecordTooLargeException());
        fails(SOURCE, new RecordTooLargeException());
        assertThat(suspects.verdict(new Source("chat.raw", 3, 8, 1_000))).isEmpty();
        assertThat(suspects.verdict(new Source("chat.raw", 4, 7, 1_000))).isEmpty();
        assertThat(suspects.verdict(new Source("chat.raw", 3, 7, 2_000))).isEmpty();
    }

    @Test
    void areTriedForEverWhileKafkaIsAway() {
        for (int i = 0; i < 100; i++) {
            assertThat(fails(SOURCE, new StreamsException(new NotEnoughReplicasException("away")))).isTrue();
        }
        assertThat(suspects.verdict(SOURCE)).isEmpty();
    }

    @Test
    void areNotToBlameForWhatIsTheAppsOwnTrouble() {
        for (int i = 0; i < 3; i++) {
            assertThat(fails(SOURCE, new KafkaException(new ProducerFencedException("another")))).isFalse();
            assertThat(fails(SOURCE, new ProcessorStateException("disk full"))).isFalse();
            assertThat(fails(SOURCE, new ClusterAuthorizationException("no"))).isFalse();
            assertThat(fails(SOURCE, new OutOfMemoryError())).isFalse();
            assertThat(fails(null, new RecordTooLargeException())).isFalse();
        }
        assertThat(suspects.verdict(SOURCE)).isEmpty();
    }
}
