package org.charla.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that are slow, endless or odd, and that others are answered meanwhile. */
class BoundedHttpIT {

    private static final int MANY = 300;
    private static final String GET_HEALTH = "GET /health HTTP/1.1\r\nHost: here\r\n\r\n";

    private final BoundedHttp.Answer well = answer("well");
    private final BoundedHttp.Answer large = answer("x".repeat(20_000_000));
    private final CompletableFuture<BoundedHttp.Answer> later = new CompletableFuture<>();
    private final List<Socket> sockets = new ArrayList<>();
    private BoundedHttp http;

    @BeforeEach
    void start() throws IOException {
        http = new BoundedHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Map.of(
                "/health", () -> CompletableFuture.completedFuture(well),
                "/large", () -> CompletableFuture.completedFuture(large),
                "/later", () -> later,
                "/broken", () -> CompletableFuture.failedFuture(new IllegalStateException())));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        http.close();
    }

    private static BoundedHttp.Answer answer(String body) {
        return new BoundedHttp.Answer(200, "text/plain", body.getBytes(UTF_8));
    }

    private Socket open(String... sent) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(http.address(), 5_000);
        socket.setSoTimeout(15_000);
        for (String part : sent) {
            socket.getOutputStream().write(part.getBytes(US_ASCII));
        }
        return socket;
    }

    /** Everything that comes until the connection is closed. */
    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    private void assertAnswersAtOnce() throws IOException {
        Socket socket = open(GET_HEALTH);
        // Sooner than any of the others is given up; alone on a machine it takes milliseconds.
        socket.setSoTimeout(5_000);
        assertThat(read(socket)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nwell");
    }

    @Test
    void answersBesideManyConnectionsThatSayNothing() throws IOException {
        for (int i = 0; i < MANY; i++) {
            open();
        }
        assertAnswersAtOnce();
    }

    @Test
    void answersBesideManyRequestsThatNeverEnd() throws IOException {
        for (int i = 0; i < MANY; i++) {
            open("GET /health HTTP/1.1\r\nX-Half: ");
        }
        assertAnswersAtOnce();
    }

    @Test
    void answersBesideManyReadersThatNeverRead() throws IOException {
        for (int i = 0; i < MANY; i++) {
            open("GET /large HTTP/1.1\r\n\r\n");
        }
        assertAnswersAtOnce();
    }

    @Test
    void answersBesideRequestsWhoseAnswersTakeTheirTime() throws IOException {
        Socket waiting = open("GET /later HTTP/1.1\r\n\r\n");
        assertAnswersAtOnce();
        later.complete(answer("here it is"));
        assertThat(read(waiting)).endsWith("here it is");
    }

    @Test
    void endsAConnectionThatTricklesByteByByteThoughItNeverFallsSilent() throws IOException {
        Socket trickling = open("GET /health HTTP/1.1\r\n");
        await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                trickling.getOutputStream().write('x');
                return false;
            } catch (IOException e) {
                return true;
            }
        });
        assertAnswersAtOnce();
    }

    @Test
    void readsNoBodyHoweverLongItIs() throws IOException {
        Socket endless = open("POST /health HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(US_ASCII);
        await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(1)).until(() -> {
            try {
                endless.getOutputStream().write(chunk);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
        assertAnswersAtOnce();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET /health\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 a TLS hello \r\n\r\n",
        "GET /health HTTP/9.9.9\r\n\r\n",
        "nonsense\r\n\r\n",
    })
    void refusesWhatIsNoRequest(String sent) throws IOException {
        assertThat(read(open(sent))).startsWith("HTTP/1.1 400 ");
        assertAnswersAtOnce();
    }

    @Test
    void refusesAHeadThatIsTooLarge() throws IOException {
        assertThat(read(open("GET /" + "x".repeat(8_193)))).startsWith("HTTP/1.1 400 ");
        assertThat(read(open("GET /health HTTP/1.1\r\nX: " + "x".repeat(8_193)))).startsWith("HTTP/1.1 400 ");
        assertThat(read(open("GET /health HTTP/1.1\r\n" + "X: x\r\n".repeat(4_000)))).startsWith("HTTP/1.1 400 ");
        assertAnswersAtOnce();
    }

    @Test
    void answersOneRequestOfAConnection() throws IOException {
        assertThat(read(open(GET_HEALTH.repeat(3)))).containsOnlyOnce("HTTP/1.1").contains("connection: close\r\n");
    }

    @Test
    void answersWhoHasSaidAllAndWaits() throws IOException {
        Socket socket = open("GET /later HTTP/1.0\r\n\r\n");
        socket.shutdownOutput();
        assertAnswersAtOnce();
        later.complete(answer("here it is"));
        assertThat(read(socket)).endsWith("here it is");
    }

    @Test
    void answersOnlyGetAndHeadOfItsPaths() throws IOException {
        assertThat(read(open("HEAD /health?x=%zz HTTP/1.1\r\n\r\n")))
                .startsWith("HTTP/1.1 200 ").contains("content-length: 4\r\n").endsWith("\r\n\r\n");
        assertThat(read(open("BREW /health HTTP/1.1\r\n\r\n"))).startsWith("HTTP/1.1 405 ");
        assertThat(read(open("GET /health/../x HTTP/1.1\r\n\r\n"))).startsWith("HTTP/1.1 404 ");
        assertThat(read(open("GET * HTTP/1.1\r\n\r\n"))).startsWith("HTTP/1.1 404 ");
        assertThat(read(open("GET /broken HTTP/1.1\r\n\r\n"))).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void saysWhoListensThereAlready() {
        assertThatThrownBy(() -> new BoundedHttp(http.address(), Map.of()).close())
                .isInstanceOf(IOException.class).hasMessageContaining("in use");
    }
}
