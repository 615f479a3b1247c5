package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that Kafka takes long to take apart and to answer, of many at once. */
class PacedReceiptsIT {

    private static final int MANY = 120;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration LASTING = Duration.ofSeconds(6);
    private static final Duration BEARABLE = Duration.ofMillis(1_500);

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @ParameterizedTest
    // Of which one is longer than what a client may ask for.
    @ValueSource(ints = {30_000, 180_000})
    void longRequestsOfManyHoldUpNobodyElse(int names, @TempDir Path directory) throws Exception {
        byte[] request = ByHand.request("by-hand", new DescribeGroupsRequestData()
                .setGroups(IntStream.range(0, names).mapToObj(Integer::toString).toList()));
        ApiVersionsRequestData anything = new ApiVersionsRequestData()
                .setClientSoftwareName("by-hand").setClientSoftwareVersion("1");
        ExecutorService many = Executors.newFixedThreadPool(MANY);
        List<Socket> open = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0,
                        Map.of(EmbeddedKafka.PACED_TOPIC, "any"), faults);
                Socket other = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES)) {
            for (int i = 0; i < MANY; i++) {
                Socket socket = ByHand.connect(kafka.bootstrapServers(), BUFFER_BYTES);
                open.add(socket);
                many.execute(() -> ask(socket, request));
            }
            Duration longest = Duration.ZERO;
            long end = System.nanoTime() + LASTING.toNanos();
            while (System.nanoTime() - end < 0) {
                long since = System.nanoTime();
                ByHand.answer(other, "other", anything);
                Duration wait = Duration.ofNanos(System.nanoTime() - since);
                longest = wait.compareTo(longest) > 0 ? wait : longest;
            }
            assertThat(longest).isLessThan(BEARABLE);
        } finally {
            many.shutdownNow();
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static void ask(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // Closed in the middle of it.
        }
    }
}
