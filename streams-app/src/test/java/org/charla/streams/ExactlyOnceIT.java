package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the test driver hides: transactions, and processes and brokers that die in the middle of one. */
class ExactlyOnceIT {

    private static final int USERS = 12;
    private static final int CHANNELS = 5;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;
    private EmbeddedKafka kafka;
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        ledger = new Ledger(kafka.bootstrapServers());
    }

    @AfterEach
    void stop() {
        ledger.close();
        kafka.close();
    }

    private StreamsProcess app() {
        return new StreamsProcess(directory, "bootstrap.servers=" + kafka.bootstrapServers(),
                "state.dir=" + directory.resolve("state"), "flood.limit.per.minute=0");
    }

    /** Sends for a while, about 2,000 messages a second, so that there is always a transaction open. */
    private void sendFor(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            ledger.say("user" + i % USERS, "channel" + i % CHANNELS);
            if (i % 20 == 0) {
                Thread.sleep(10);
            }
        }
    }

    private void awaitRunning(StreamsProcess app, int times) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(app.isAlive()).isTrue();
            return app.output().split("REBALANCING -> RUNNING", -1).length > times;
        });
    }

    private void profiles() {
        for (int i = 0; i < USERS; i++) {
            ledger.profile("user" + i);
        }
    }

    @Test
    void acceptsEachMessageOnceAndInOrderThoughTheAppIsKilledAgainAndAgain() throws Exception {
        StreamsProcess app = app();
        awaitRunning(app, 1);
        profiles();
        for (int kill = 1; kill <= 5; kill++) {
            sendFor(Duration.ofSeconds(2));
            app.kill();
            if (kill == 3) {
                deleteRecursively(directory.resolve("state"));
            }
            sendFor(Duration.ofMillis(500));
            app = app();
            awaitRunning(app, kill + 1);
        }
        sendFor(Duration.ofSeconds(1));
        ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(60));
        assertThat(ledger.acknowledged()).isGreaterThan(10_000);
        app.terminate().awaitEnd(30, 0);
    }

    @Test
    void remembersAcceptedIdsAcrossAKillAndALostStateStore() throws Exception {
        StreamsProcess app = app();
        awaitRunning(app, 1);
        profiles();
        var message = ledger.say("user1", "general");
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.channelMessages().containsKey("general"));
        app.kill();
        deleteRecursively(directory.resolve("state"));
        try (StreamsProcess again = app()) {
            awaitRunning(again, 2);
            ledger.send("user1".getBytes(UTF_8), org.charla.protocol.Wire.write(message));
            ledger.say("user1", "general");
            ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(20));
        }
    }

    @Test
    void goesOnByItselfWhenTheBrokerWasAway() throws Exception {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        try (StreamsProcess app = app()) {
            awaitRunning(app, 1);
            profiles();
            sendFor(Duration.ofSeconds(1));
            kafka.close();
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    ledger.say("user" + i % USERS, "channel" + i % CHANNELS);
                }
            });
            sender.start();
            // Longer than a send, a session and a transaction may take.
            Thread.sleep(25_000);
            assertThat(app.isAlive()).isTrue();
            kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), port, faults);
            sender.join();
            sendFor(Duration.ofSeconds(1));
            ledger.assertDeliveredOnceAndInOrder(Duration.ofSeconds(90));
        }
    }

    private static void deleteRecursively(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
