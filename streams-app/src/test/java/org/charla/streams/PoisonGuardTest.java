package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard before a step that fails. What is sent, and fails, only a real broker shows. */
class PoisonGuardTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_000);

    private final Suspects suspects = new Suspects();
    private Throwable failure;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> input;

    @BeforeEach
    void start() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .processValues(() -> new PoisonGuard(suspects))
                .foreach((key, value) -> fail());
        driver = new TopologyTestDriver(builder.build(), new Properties(), NOW);
        input = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void fail() {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void failsAndStartsAgain(Throwable with) {
        failure = with;
        assertThatThrownBy(() -> input.pipeInput(new byte[0], new byte[0], NOW))
                .isInstanceOf(TaskCorruptedException.class);
    }

    private boolean isSuspect(long offset) {
        Source source = new Source("in", 0, offset, NOW.toEpochMilli());
        suspects.startsAgain(source, "the test", new IllegalStateException());
        return suspects.verdict(source).isPresent();
    }

    @Test
    void suspectsEachRecordWhoseProcessingFails() {
        failsAndStartsAgain(new IllegalStateException());
        // Nothing was sent in between that would begin a transaction.
        failsAndStartsAgain(new StackOverflowError());
        failsAndStartsAgain(new AssertionError());
        assertThat(isSuspect(0)).isTrue();
        assertThat(isSuspect(1)).isTrue();
        assertThat(isSuspect(2)).isTrue();
        assertThat(isSuspect(3)).isFalse();
    }

    @Test
    void suspectsNoRecordWhileKafkaIsAway() {
        failsAndStartsAgain(new TimeoutException("away"));
        assertThat(isSuspect(0)).isFalse();
    }

    @Test
    void suspectsNoRecordWhenASendOfAnotherHasFailed() {
        suspects.attempt().set(Attempt.Outcome.STARTS_AGAIN);
        failsAndStartsAgain(new IllegalStateException("in error state"));
        assertThat(isSuspect(0)).isFalse();
    }

    @Test
    void letsTheThreadDieOfWhatIsNotTheRecordsFault() {
        failure = new OutOfMemoryError();
        assertThatThrownBy(() -> input.pipeInput(new byte[0], new byte[0], NOW)).isSameAs(failure);
        assertThat(isSuspect(0)).isFalse();
    }
}
