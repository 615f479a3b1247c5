package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoBackend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Peers of the stand-in that are slow, endless or lie, and that others are served meanwhile. */
class StoreListenerIT {

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private static final int MESSAGE = 2013;
    private static final int QUERY = 2004;
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;
    private final List<Socket> sockets = new ArrayList<>();
    private EmbeddedStore store;
    private MongoClient client;

    @BeforeEach
    void start() {
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        client = MongoClients.create(store.uri());
        assertServes();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        client.close();
        store.close();
    }

    private void assertServes() {
        assertThat(client.getDatabase("chat").runCommand(new Document("ping", 1)).get("ok")).isEqualTo(1.0);
    }

    private Socket open(InetSocketAddress address, ByteBuf sent) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        sent.readBytes(socket.getOutputStream(), sent.readableBytes());
        return socket;
    }

    private Socket open(ByteBuf sent) throws IOException {
        return open(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                Integer.parseInt(store.uri().replaceFirst(".*:", ""))), sent);
    }

    private static void assertIsClosed(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it is still open", e);
        } catch (IOException e) {
            // Closed with something unread.
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    private static ByteBuf message(int code, Consumer<ByteBuf> body) {
        ByteBuf message = Unpooled.buffer().writeIntLE(0).writeIntLE(1).writeIntLE(0).writeIntLE(code).writeIntLE(0);
        body.accept(message);
        return message.setIntLE(0, message.writerIndex());
    }

    private static byte[] bson(BsonDocument document) {
        BasicOutputBuffer bytes = new BasicOutputBuffer();
        new BsonDocumentCodec().encode(new BsonBinaryWriter(bytes), document, EncoderContext.builder().build());
        return bytes.toByteArray();
    }

    /** A document whose one value, a string or binary, claims another length. */
    private static byte[] claiming(int length, BsonValue value) {
        byte[] bytes = bson(new BsonDocument("x", value));
        // Behind the document's length, the type and the name.
        Unpooled.wrappedBuffer(bytes).setIntLE(7, length);
        return bytes;
    }

    private static void assertIsRefused(ByteBuf message) {
        assertThatThrownBy(() -> HonestLengths.require(message)).isInstanceOfAny(
                IllegalArgumentException.class, IndexOutOfBoundsException.class);
    }

    @Test
    void believesNoLengthThatReachesBeyondAMessage() throws IOException {
        for (int length : new int[] {Integer.MAX_VALUE, 500 * MEBIBYTE, 1_000, -1}) {
            for (BsonValue value : List.of(new BsonString("text"), new BsonBinary(new byte[4]))) {
                byte[] lie = claiming(length, value);
                byte[] nested = bson(new BsonDocument("insert", new BsonString("x")));
                assertIsRefused(message(MESSAGE, body -> body.writeByte(0).writeBytes(lie)));
                assertIsRefused(message(QUERY, body -> body.writeBytes(new byte[] {'a', 0}).writeLongLE(0).writeBytes(lie)));
                ByteBuf sequence = message(MESSAGE, body -> body.writeByte(0).writeBytes(nested)
                        .writeByte(1).writeIntLE(6 + lie.length).writeBytes(new byte[] {'d', 0}).writeBytes(lie));
                assertIsRefused(sequence.duplicate());
                assertIsClosed(open(sequence));
            }
        }
        assertServes();
    }

    @Test
    void takesDocumentsAsDeepAsMongodbDoesAndNoDeeper() throws IOException {
        BsonDocument document = new BsonDocument("x", new BsonInt32(1));
        for (int depth = 1; depth < 180; depth++) {
            document = new BsonDocument("x", document);
        }
        byte[] deep = bson(document);
        byte[] tooDeep = bson(new BsonDocument("x", document));
        assertThatCode(() -> HonestLengths.require(message(MESSAGE, body -> body.writeByte(0).writeBytes(deep))))
                .doesNotThrowAnyException();
        assertIsClosed(open(message(MESSAGE, body -> body.writeByte(0).writeBytes(tooDeep))));
    }

    @Test
    void servesBesideMoreConnectionsThanItTakes() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            silent.add(open(Unpooled.buffer().writeIntLE(100)));
        }
        assertServes();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(silent.stream().filter(socket -> !isOpen(socket)).count()).isGreaterThan(600 - 512));
        assertThat(isOpen(silent.get(599))).isTrue();
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() != -1;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            // Closed with something unread.
            return false;
        }
    }

    @Test
    void givesUpTheOldestUnfinishedMessageWhenTheyAreMoreThanOneCanBe() throws IOException {
        ByteBuf half = Unpooled.wrappedBuffer(Unpooled.buffer().writeIntLE(40 * MEBIBYTE),
                Unpooled.wrappedBuffer(new byte[20 * MEBIBYTE]));
        List<Socket> halves = List.of(open(half.duplicate()), open(half.duplicate()), open(half.duplicate()));
        assertIsClosed(halves.get(0));
        assertServes();
    }

    /** Listens for a backend that gives each message the same answer. */
    private static StoreListener answering(Duration patience, Supplier<de.bwaldvogel.mongo.bson.Document> answer) {
        MongoBackend backend = (MongoBackend) Proxy.newProxyInstance(StoreListenerIT.class.getClassLoader(),
                new Class<?>[] {MongoBackend.class},
                (proxy, method, arguments) -> method.getName().equals("handleMessage") ? answer.get() : null);
        return new StoreListener(backend, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), patience);
    }

    @Test
    void endsAConnectionWhoseMessageDoesNotArriveAndLeavesOneThatIsSilent() throws IOException {
        try (StoreListener listener = answering(Duration.ofMillis(300), () -> null)) {
            Socket silent = open(listener.address(), Unpooled.EMPTY_BUFFER);
            assertIsClosed(open(listener.address(), Unpooled.buffer().writeIntLE(100)));
            silent.setSoTimeout(1_000);
            assertThatThrownBy(() -> silent.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static ByteBuf pings(int count) {
        byte[] ping = bson(new BsonDocument("ping", new BsonInt32(1)).append("$db", new BsonString("chat")));
        ByteBuf pings = Unpooled.buffer();
        for (int i = 0; i < count; i++) {
            pings.writeBytes(message(MESSAGE, body -> body.writeByte(0).writeBytes(ping)));
        }
        return pings;
    }

    @Test
    void answersWhoReadsNoRepliesOnlyAsTheyAreRead() throws IOException {
        AtomicInteger answered = new AtomicInteger();
        String text = "x".repeat(MEBIBYTE);
        try (StoreListener listener = answering(Duration.ofSeconds(20), () -> {
            answered.incrementAndGet();
            return new de.bwaldvogel.mongo.bson.Document("text", text);
        })) {
            Socket greedy = open(listener.address(), pings(500));
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(() -> answered.get() < 50);
            greedy.getInputStream().skipNBytes(500L * MEBIBYTE);
            assertThat(answered).hasValue(500);
        }
    }

    @Test
    void endsAConnectionThatNeverReadsItsReplies() throws IOException {
        String text = "x".repeat(16 * MEBIBYTE - 1_000);
        try (StoreListener listener = answering(Duration.ofMillis(500),
                () -> new de.bwaldvogel.mongo.bson.Document("text", text))) {
            Socket deaf = open(listener.address(), pings(1));
            ByteBuf more = pings(1);
            await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100)).untilAsserted(() ->
                    assertThatThrownBy(() -> deaf.getOutputStream().write(more.array(), 0, more.writerIndex()))
                            .isInstanceOf(SocketException.class));
        }
    }
}
