package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users who make as many channels as they can, and the others meanwhile. */
class ChannelRushIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private static final int OTHERS = 12;
    private static final int CHANNELS = 300;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Many times what it takes on a machine that does nothing else, and a third of what 300 channels would take. */
    private static final long MAX_DELAY_MS = 6_000;

    @TempDir
    Path directory;
    /** When a message was first seen in #general, by its record's key. */
    private final Map<String, Long> seenAt = new ConcurrentHashMap<>();
    private final AtomicBoolean done = new AtomicBoolean();

    @ParameterizedTest
    @CsvSource({"1, 10", "10, 20"})
    void getTheirBurstAndARefusalAtOnceAndHoldUpNobody(int rushers, int allowed) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
                Ledger ledger = new Ledger(kafka.bootstrapServers());
                StreamsApp app = start(kafka)) {
            assertThat(app.awaitRunning(LIMIT)).isTrue();
            for (int i = 0; i < rushers; i++) {
                ledger.profile("rusher" + i);
            }
            for (int i = 0; i < OTHERS; i++) {
                ledger.profile("user" + i);
                ledger.say("user" + i, "general");
            }
            await().atMost(LIMIT).until(() ->
                    ledger.channelMessages().getOrDefault("general", List.of()).size() == OTHERS);
            Thread watcher = new Thread(() -> watch(kafka.bootstrapServers()), "watcher");
            watcher.start();
            for (int i = 0; i < CHANNELS; i++) {
                ledger.say("rusher" + i % rushers, "new" + i);
            }
            Map<String, Long> sentAt = new ConcurrentHashMap<>();
            for (int tick = 0; tick < 40; tick++) {
                for (int i = 0; i < OTHERS; i++) {
                    String user = "user" + i;
                    sentAt.put(user + ':' + ledger.say(user, "general").messageId(), System.nanoTime());
                }
                Thread.sleep(50);
            }
            await().atMost(LIMIT).until(() -> seenAt.keySet().containsAll(sentAt.keySet()));
            done.set(true);
            watcher.join();
            long maxDelay = sentAt.entrySet().stream()
                    .mapToLong(sent -> (seenAt.get(sent.getKey()) - sent.getValue()) / 1_000_000).max().orElseThrow();
            assertThat(maxDelay).isLessThan(MAX_DELAY_MS);

            int made = ledger.channelMessages().size() - 1;
            assertThat(made).isBetween(1, allowed);
            assertThat(ledger.rejections()).hasSize(CHANNELS - made).extracting(Rejection::code)
                    .containsOnly("CHANNEL_LIMIT");
        }
    }

    private StreamsApp start(EmbeddedKafka kafka) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("state").toString());
        // No more than the bursts while the test runs.
        settings.put("channels.per.user.per.hour", "10");
        settings.put("channels.per.hour", "20");
        return StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
    }

    private void watch(String bootstrapServers) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", bootstrapServers, "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(Topics.ofChannel("general"), 0)));
            while (!done.get()) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> seenAt.put(record.key(), System.nanoTime()));
            }
        }
    }
}
