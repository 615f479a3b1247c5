package org.charla.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.record.internal.CompressionType.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.charla.testing.Checkout;
import org.charla.testing.RawProducer;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How fast one may write to the topic that all others' records are in too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacedSendersIT {

    private static final String PACED = "paced";
    private static final String FREE = "free";
    private static final int RECORDS = 10_000;
    private static final int MOST_WAITING = 16;
    /** All but what may come at once, at 15,000 a second. */
    private static final Duration LEAST = Duration.ofMillis(1_750);

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka kafka;

    @BeforeAll
    void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0, Map.of(EmbeddedKafka.PACED_TOPIC, PACED), faults);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(PACED, 1, (short) 1), new NewTopic(FREE, 1, (short) 1)))
                    .all().get(10, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    void stopKafka() {
        kafka.close();
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = {"NONE", "ZSTD"})
    void whoSendsTooMuchIsHeardLaterAndEverybodyElseAtOnce(CompressionType compression) throws Exception {
        try (RawProducer flooding = new RawProducer(kafka.bootstrapServers());
                RawProducer other = new RawProducer(kafka.bootstrapServers())) {
            byte[] tiny = tiny(compression);
            byte[] hola = hola();
            CompletableFuture<Duration> flood =
                    CompletableFuture.supplyAsync(() -> time(() -> send(flooding, PACED, tiny, 3)));
            Duration others = Duration.ZERO;
            do {
                Duration wait = time(() -> send(other, PACED, hola, 1));
                others = wait.compareTo(others) > 0 ? wait : others;
            } while (!flood.isDone());

            assertThat(flood.get()).isGreaterThan(LEAST);
            assertThat(others).isLessThan(LEAST);
        }
    }

    @Test
    void onOtherTopicsNobodyIsPaced() throws Exception {
        try (RawProducer sender = new RawProducer(kafka.bootstrapServers())) {
            byte[] tiny = tiny(NONE);
            assertThat(time(() -> send(sender, FREE, tiny, 3))).isLessThan(LEAST);
        }
    }

    /** As many as may wait do so; what another sends meanwhile it need not make up for. */
    @Test
    void whoIsNotPacedSinceTooManyWaitIsNotHeardLaterForThat() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<RawProducer> flooding = new ArrayList<>();
        List<CompletableFuture<Void>> floods = new ArrayList<>();
        try (RawProducer other = new RawProducer(kafka.bootstrapServers())) {
            byte[] many = batch(NONE, 3 * RECORDS, repeated(record(new byte[0], new byte[0]), 3 * RECORDS));
            byte[] tiny = tiny(NONE);
            for (int i = 0; i < MOST_WAITING; i++) {
                RawProducer producer = new RawProducer(kafka.bootstrapServers());
                flooding.add(producer);
                floods.add(CompletableFuture.runAsync(() -> {
                    while (!enough.get()) {
                        send(producer, PACED, many, 1);
                    }
                }, command -> new Thread(command, "flood").start()));
            }
            int sends = 40;
            Duration paced = Duration.ofMillis(500L * sends);
            assertThat(time(() -> send(other, PACED, tiny, sends))).isLessThan(paced.dividedBy(2));
            enough.set(true);
            CompletableFuture.allOf(floods.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(time(() -> send(other, PACED, tiny, 1))).isLessThan(LEAST);
        } finally {
            enough.set(true);
            for (RawProducer producer : flooding) {
                producer.close();
            }
        }
    }

    private static Duration time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void send(RawProducer producer, String topic, byte[] batch, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(producer.send(topic, 0, batch)).isEqualTo(Errors.NONE);
        }
    }

    private static byte[] tiny(CompressionType compression) throws IOException {
        return batch(compression, RECORDS, repeated(record(new byte[0], new byte[0]), RECORDS));
    }

    private static byte[] hola() throws IOException {
        return batch(NONE, 1, repeated(record("alice".getBytes(UTF_8), "hola".getBytes(UTF_8)), 1));
    }
}
