package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.testing.RawProducer.batch;
import static org.charla.testing.RawProducer.claiming;
import static org.charla.testing.RawProducer.record;
import static org.charla.testing.RawProducer.repeated;
import static org.charla.testing.RawProducer.zeros;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.charla.testing.RawProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would take all of the standalone's memory, sent to it as it comes, with the memory that it has. */
class BombsIT {

    private static final byte[] ALICE = "alice".getBytes(UTF_8);
    private static final int AT_ONCE = 8;
    /** All the connections that Kafka leaves to others, but for those of the commands and of the bombs. */
    private static final int ANNOUNCEMENTS = 60;

    @TempDir
    Path directory;

    @Test
    void theStandaloneSurvivesAllOfThemAtOnceOnEveryTopicAndServesTheOthersMeanwhile() throws Exception {
        try (StandaloneProcess standalone = new StandaloneProcess(directory)) {
            standalone.start().awaitReady();
            assertThat(say(standalone, "before")).isZero();

            List<byte[]> bombs = List.of(
                    batch(CompressionType.ZSTD, 1, zeros(ALICE, 300 << 20)),
                    batch(CompressionType.ZSTD, 1, repeated(claiming(Integer.MAX_VALUE, ALICE, ALICE), 1)),
                    batch(CompressionType.ZSTD, 20_000_000, repeated(record(ALICE, new byte[0]), 20_000_000)),
                    batch(CompressionType.ZSTD, 1_000, repeated(record(ALICE, new byte[1_000_000]), 1_000)));
            ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE);
            try (Announcements announcements = new Announcements()) {
                announcements.make(standalone.bootstrapServers());
                List<Future<?>> sent = new ArrayList<>();
                for (String topic : List.of("chat.raw", "chat.users", "chat.rejected", "chat.channel.general",
                        "connect-configs", "charla-streams-users-changelog")) {
                    for (byte[] bomb : bombs) {
                        sent.add(senders.submit(() -> {
                            assertRefused(standalone.bootstrapServers(), topic, bomb);
                            return null;
                        }));
                    }
                }
                assertThat(say(standalone, "meanwhile")).isZero();
                for (Future<?> each : sent) {
                    each.get();
                }
                assertThat(say(standalone, "after")).isZero();
            } finally {
                senders.shutdownNow();
            }
            standalone.kill();
            standalone.start().awaitReady();
            assertThat(say(standalone, "again")).isZero();
        }
    }

    private static int say(StandaloneProcess standalone, String text) throws InterruptedException {
        return standalone.charla("send", "general", text, "--user", "alice", "--wait").status();
    }

    private static void assertRefused(String bootstrapServers, String topic, byte[] bomb) throws IOException {
        try (RawProducer producer = new RawProducer(bootstrapServers)) {
            assertThat(producer.send(topic, 0, bomb)).as(topic)
                    .isIn(Errors.MESSAGE_TOO_LARGE, Errors.INVALID_RECORD);
        }
    }

    /** Connections that announce as much as Kafka takes by default, and as much as it takes here, and send none of it. */
    private static final class Announcements implements AutoCloseable {

        private final List<RawProducer> producers = new ArrayList<>();

        private void make(String bootstrapServers) throws IOException {
            for (int i = 0; i < ANNOUNCEMENTS; i++) {
                for (int size : new int[] {100 << 20, 5 << 19}) {
                    RawProducer producer = new RawProducer(bootstrapServers);
                    producers.add(producer);
                    producer.announce(size);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (RawProducer producer : producers) {
                producer.close();
            }
        }
    }
}
