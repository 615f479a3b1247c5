package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may answer on a worker's port: every command ends in time, with one line and a status of its own. */
class OddAnswersIT {

    /** For a command that may wait for a second, on a busy machine. */
    private static final Duration IN_TIME = Duration.ofSeconds(10);
    private static final String INFO =
            "{\"a\":{\"info\":{\"name\":\"a\",\"type\":\"sink\",\"config\":{},\"tasks\":[]}}}";

    @TempDir
    Path folder;

    private Peer peer;

    @BeforeEach
    void declare() throws IOException {
        Files.writeString(folder.resolve("a.json"), "{\"connector.class\":\"A\"}");
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
    }

    @ParameterizedTest
    @MethodSource("jsonThatNoWorkerSends")
    void whatIsNoAnswerOfAWorkerIsCalledSo(String body) throws IOException {
        peer = new Peer(out -> out.write(ok(body.getBytes(UTF_8))));
        for (String command : List.of("list", "status", "plugins", "loggers", "diff", "validate", "apply")) {
            Cli.Result result = run(command);
            assertThat(result.status()).as(command + " " + result).isEqualTo(1);
            assertThat(result.err()).contains("is no Kafka Connect: see --connect-url").hasLineCount(1);
        }
    }

    static Stream<String> jsonThatNoWorkerSends() {
        return Stream.of("", " ", "null", "true", "7", "\"text\"", "{", "[", "[[]]", "[null]", "[7]", "{\"a\":null}",
                "{\"a\":7}", "{\"a\":[]}", "{\"a\":{}}", "{} {}", "<html>hello</html>", "[".repeat(100_000),
                "{\"a\":".repeat(100_000), "{\"a\":{\"info\":null,\"status\":null}}",
                INFO.replace("\"tasks\":[]", "\"tasks\":null"), INFO.replace("\"tasks\":[]", "\"tasks\":{}"),
                INFO.replace("\"tasks\":[]", "\"tasks\":[null]"),
                INFO.replace("\"tasks\":[]", "\"tasks\":[{\"task\":9999999999}]"),
                INFO.replace("\"tasks\":[]", "\"tasks\":[{\"task\":1e999999999}]"),
                INFO.replace("\"config\":{}", "\"config\":null"),
                INFO.replace("\"config\":{}", "\"config\":{\"x\":[]}"),
                INFO.replace("\"config\":{}", "\"config\":{},\"config\":{}"),
                INFO.replace("\"name\":\"a\"", "\"name\":\"b\""), INFO.replace("\"name\":\"a\",", ""),
                INFO.replace("\"type\":\"sink\",", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"name\":\"a\"}", "{\"name\":\"a\",\"connector\":null,\"tasks\":[]}",
        "{\"name\":\"a\",\"connector\":{\"state\":null,\"worker_id\":\"w\"},\"tasks\":[]}",
        "{\"name\":\"a\",\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[]}",
        "{\"name\":\"a\",\"connector\":{\"state\":\"RUNNING\",\"worker_id\":\"w\"},\"tasks\":[null]}",
        "{\"name\":\"a\",\"connector\":{\"state\":\"RUNNING\",\"worker_id\":\"w\"},\"tasks\":[{\"id\":0}]}"})
    void aStateThatSaysTooLittleIsNoStateOfAWorker(String state) throws IOException {
        String both = INFO.replace("}}}", "},\"status\":" + state + "}}");
        peer = new Peer(out -> out.write(ok(both.getBytes(UTF_8))));
        for (String[] command : new String[][] {{"list"}, {"status"}, {"pause", "a"}, {"restart", "a"}}) {
            Cli.Result result = run(command);
            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.out() + result.err()).contains("is no Kafka Connect: see --connect-url").hasLineCount(1);
        }
        assertThat(run("watch", "--for", "0").out()).contains("is no Kafka Connect");
    }

    @Test
    void readsWhatAWorkerMaySayInOtherWords() throws IOException {
        String said = "\uFEFF" + INFO.replace("\"config\":{}", "\"config\":{\"x\":null},\"new\":{\"a\":[1,{}]}");
        peer = new Peer(out -> out.write(ok(said.replace("}}}", ("},\"status\":{\"name\":\"a\",\"type\":\"sink\","
                + "\"connector\":{\"state\":\"NEW\",\"worker_id\":\"no port\"},\"tasks\":[]}}}")).getBytes(UTF_8))));
        assertThat(run("list")).isEqualTo(new Cli.Result(0,
                "NAME  TYPE  STATE  TASKS  MANAGED  PLUGIN\na     sink  NEW    0/0    no       -\n", ""));
        assertThat(run("status").out()).startsWith("a: NEW on no port");
    }

    @Test
    void aJudgementOfASettingThatNobodyKnowsIsShown() throws IOException {
        peer = new Peer(out -> out.write(ok(("{\"error_count\":1,\"configs\":[{\"definition\":null,\"value\":"
                + "{\"name\":\"x\",\"value\":null,\"errors\":[\"is unknown\"]}}]}").getBytes(UTF_8))));
        assertThat(run("validate")).isEqualTo(new Cli.Result(1, "a: invalid\n  x: is unknown\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"301 Moved Permanently\r\nLocation: /elsewhere", "204 No Content", "304 Not Modified",
        "404 Not Found", "200 OK\r\nContent-Encoding: gzip", "418 Teapot", "300 Choose", "101 Switching Protocols",
        "200 OK\r\nContent-Type: text/plain; charset=nonsense"})
    void anAnswerOfSomethingElseIsOneLine(String head) throws IOException {
        byte[] body = head.contains("gzip") ? gzip("{}") : "<html>".getBytes(UTF_8);
        boolean bodiless = head.startsWith("204") || head.startsWith("304") || head.startsWith("101");
        peer = new Peer(out -> {
            out.write(("HTTP/1.1 " + head + "\r\n" + (bodiless ? "" : "Content-Length: " + body.length) + "\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(bodiless ? new byte[0] : body);
        });
        assertOneLine(run("list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}", "HTTP/1.1 200 OK\r\nConte",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n{}", "HTTP/1.1 99999 OK\r\n\r\n", "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0", "HTTP/2 200\r\n\r\n{}", "",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{} and more",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n{}"})
    void aConnectionThatBreaksOffOrSpeaksNoHttpIsOneLine(String answer) throws IOException {
        peer = new Peer(out -> out.write(answer.getBytes(ISO_8859_1)));
        assertOneLine(run("list"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 500 Error\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{"})
    void aPeerThatDoesNotGoOnIsWaitedForAsLongAsWasSaidAndNoLonger(String beginning) throws IOException {
        peer = new Peer(out -> {
            out.write(beginning.getBytes(UTF_8));
            out.flush();
            peer.awaitClose();
        });
        assertTimedOut(run("apply"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "HTTP/1.1 503 Busy\r\n\r\n"})
    void aPeerThatGoesOnDropByDropIsWaitedForAsLongAsWasSaidAndNoLonger(String beginning) throws IOException {
        peer = new Peer(out -> {
            out.write(beginning.getBytes(UTF_8));
            while (!peer.isClosed()) {
                out.write(' ');
                out.flush();
                peer.pause();
            }
        });
        assertTimedOut(run("list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n| ", "HTTP/1.1 500 Error\r\n\r\n|[",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n|[",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|1\r\n \r\n", "HTTP/1.1 200 OK\r\n|X: y\r\n",
        "HTTP/1.1 200 OK\r\nX: |yyyyyyyyy", "|HTTP/1.1 100 Continue\r\n\r\n",
        "|HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"})
    void anEndlessAnswerIsBrokenOffBeforeItFillsTheMemory(String answer) throws IOException {
        String[] parts = answer.split("\\|", 2);
        byte[] more = parts[1].repeat((64 << 10) / parts[1].length()).getBytes(UTF_8);
        peer = new Peer(out -> {
            out.write(parts[0].getBytes(UTF_8));
            while (!peer.isClosed()) {
                out.write(more);
            }
        });
        Cli.Result result = run("list", "--timeout", "4");
        assertOneLine(result);
        assertThat(peer.sent()).isLessThan(200 << 20);
    }

    @Test
    void aLongMessageIsMaskedInTimeAndCutShort() throws IOException {
        String message = "password ".repeat(900_000) + "password=hunter2";
        peer = new Peer(out -> out.write(("HTTP/1.1 400 Bad\r\nContent-Length: " + (message.length() + 14) + "\r\n\r\n"
                + "{\"message\":\"" + message + "\"}").getBytes(UTF_8)));
        Cli.Result result = run("list", "--timeout", "20");
        assertOneLine(result);
        assertThat(result.err()).hasSizeLessThan(5000).contains("the worker says: password password ")
                .doesNotContain("hunter2");
    }

    @Test
    void aTableIsNoWiderForOneLongName() throws IOException {
        String name = "n".repeat(40_000);
        StringBuilder infos = new StringBuilder(INFO.replace("\"a\"", '"' + name + '"'));
        for (int i = 0; i < 2000; i++) {
            infos.append(INFO.replace("\"a\"", "\"c" + i + '"'));
        }
        String body = infos.toString().replace("}{", ",");
        String status = "\"status\":{\"name\":\"x\",\"type\":\"sink\",\"connector\":{\"state\":\"RUNNING\","
                + "\"worker_id\":\"w\"},\"tasks\":[]},";
        peer = new Peer(out -> out.write(ok(body.replace("\"info\"", status + "\"info\"").getBytes(UTF_8))));
        Cli.Result result = run("list", "--timeout", "20");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).hasSizeLessThan(1 << 20);
    }

    private Cli.Result run(String... command) {
        long start = System.nanoTime();
        String[] line = Stream.concat(Stream.of("--timeout", "1"), Stream.of(command)).toArray(String[]::new);
        Cli.Result result = Cli.of("http://127.0.0.1:" + peer.port(), folder).run(line);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(String.join(" ", command)).isLessThan(IN_TIME);
        return result;
    }

    private static void assertOneLine(Cli.Result result) {
        assertThat(result.status()).as(result.toString()).isIn(1, 4);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> !line.startsWith("charla: waiting, ")).toList()).singleElement()
                .asString().startsWith("charla: ").doesNotContain("Exception");
    }

    private static void assertTimedOut(Cli.Result result) {
        assertOneLine(result);
        assertThat(result.status()).isEqualTo(4);
        assertThat(result.err()).contains("gave no answer within 1 s (--timeout)");
    }

    private static byte[] ok(byte[] body) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
        answer.writeBytes(body);
        return answer.toByteArray();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private interface Answer {
        void write(OutputStream out) throws IOException;
    }

    /** Reads a request, answers and closes the connection. */
    private static final class Peer {

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final AtomicLong sent = new AtomicLong();

        Peer(Answer answer) throws IOException {
            threads.execute(() -> {
                while (!server.isClosed()) {
                    try {
                        Socket socket = server.accept();
                        threads.execute(() -> serve(socket, answer));
                    } catch (IOException e) {
                        // Closed: the test is over.
                    }
                }
            });
        }

        private void serve(Socket socket, Answer answer) {
            try (socket; OutputStream out = socket.getOutputStream()) {
                readRequest(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
                answer.write(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                        sent.addAndGet(length);
                    }
                });
                out.flush();
            } catch (IOException e) {
                // The other side has had enough, which is what some tests wait for.
            }
        }

        private static void readRequest(BufferedReader request) throws IOException {
            int length = 0;
            for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring("content-length:".length()).strip());
                }
            }
            for (int i = 0; i < length; i++) {
                request.read();
            }
        }

        int port() {
            return server.getLocalPort();
        }

        long sent() {
            return sent.get();
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }

        void awaitClose() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void pause() {
            try {
                closed.await(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void close() throws IOException {
            closed.countDown();
            server.close();
            threads.shutdownNow();
        }
    }
}
