package org.charla.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Peers of the worker's REST API that are slow or endless. */
class ConnectWorkerIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    /** More than Jetty has threads. */
    private static final int MANY = 250;
    private static final String PUT = "PUT /connectors/x/config HTTP/1.1\r\nHost: here\r\n"
            + "Content-Type: application/json\r\n";

    @TempDir
    Path directory;
    private final List<Socket> sockets = new ArrayList<>();
    private EmbeddedKafka kafka;
    private ConnectWorker worker;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        worker = ConnectWorker.start(Checkout.WORKER,
                Files.createDirectory(directory.resolve("plugins")), kafka.bootstrapServers(), 0,
                "mongodb://localhost");
    }

    @AfterEach
    void stop() throws IOException {
        closeSockets();
        worker.close();
        kafka.close();
    }

    private void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket open(String sent) throws IOException {
        Socket socket = new Socket(worker.url().getHost(), worker.url().getPort());
        sockets.add(socket);
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(sent.getBytes(UTF_8));
        return socket;
    }

    @Test
    void tellsWhetherAConnectorHasFailedThoughItsRestApiIsKeptBusy() throws Exception {
        for (int i = 0; i < MANY; i++) {
            open(PUT + "Content-Length: 1000\r\n\r\n{");
        }
        assertThatCode(() -> worker.requireNotFailed("users-sink")).doesNotThrowAnyException();
        closeSockets();
        HttpRequest request = HttpRequest.newBuilder(worker.url().resolve("/connectors"))
                .timeout(Duration.ofSeconds(60)).build();
        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void answersOthersWhileManyTrickleAndComeBackAtOnce() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch everybodyCame = new CountDownLatch(1);
        Thread senders = new Thread(() -> trickle(everybodyCame, isOver));
        senders.start();
        everybodyCame.await();
        HttpClient client = HttpClient.newHttpClient();
        try {
            for (int i = 0; i < 5; i++) {
                HttpRequest read = HttpRequest.newBuilder(worker.url().resolve("/connectors"))
                        .timeout(Duration.ofSeconds(8)).build();
                assertThat(answer(client, read, "[]")).contains("[]");
                HttpRequest write = HttpRequest.newBuilder(worker.url().resolve("/connectors/x/config"))
                        .header("Content-Type", "application/json").timeout(Duration.ofSeconds(8))
                        .PUT(BodyPublishers.ofString("{\"connector.class\":\"nobody's\"}")).build();
                assertThat(answer(client, write, "nobody's")).contains("nobody's");
            }
        } finally {
            isOver.set(true);
            senders.join();
        }
    }

    /** Among so many it may be given up, too; who tries again, as the deployer does, gets through. */
    private static String answer(HttpClient client, HttpRequest request, String wanted) throws Exception {
        String answer = "";
        for (int attempt = 0; attempt < 10 && !answer.contains(wanted); attempt++) {
            try {
                answer = client.send(request, BodyHandlers.ofString()).body();
            } catch (IOException e) {
                answer = e.toString();
            }
        }
        return answer;
    }

    /** Whoever is refused, or done with, comes again. */
    private void trickle(CountDownLatch everybodyCame, AtomicBoolean isOver) {
        Socket[] trickling = new Socket[MANY];
        while (!isOver.get()) {
            for (int i = 0; i < MANY; i++) {
                try {
                    if (trickling[i] == null) {
                        trickling[i] = open(PUT + "Content-Length: 100000\r\n\r\n{");
                    } else {
                        trickling[i].getOutputStream().write(' ');
                    }
                } catch (IOException e) {
                    trickling[i] = null;
                }
            }
            everybodyCame.countDown();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void givesUpABodyThatTricklesIn() throws Exception {
        Socket slow = open(PUT + "Content-Length: 100000\r\n\r\n{");
        slow.setSoTimeout(100);
        int answer = -1;
        while (answer < 0) {
            try {
                answer = slow.getInputStream().read();
                assertThat(answer).isEqualTo('H');
            } catch (SocketTimeoutException e) {
                slow.getOutputStream().write(' ');
            }
        }
    }

    @Test
    void refusesABodyThatIsLargerThanAnySettings() throws Exception {
        String fields = IntStream.range(0, 10_000).mapToObj(i -> "\"" + i + "\":\"x\",").collect(Collectors.joining());
        byte[] chunk = (Integer.toHexString(fields.length()) + "\r\n" + fields + "\r\n").getBytes(UTF_8);
        Socket endless = open(PUT + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        OutputStream out = endless.getOutputStream();
        // As much as fits between the two of them, and a multiple of what is allowed.
        assertThatCode(() -> {
            for (int sent = 0; sent < 500 << 20; sent += chunk.length) {
                out.write(chunk);
            }
        }).isInstanceOf(IOException.class);
    }
}
