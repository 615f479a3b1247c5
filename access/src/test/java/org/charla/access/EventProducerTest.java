package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.RecordVerifier;
import org.charla.protocol.signature.SignatureVerifier;
import org.charla.protocol.signature.SigningKey;
import org.junit.jupiter.api.Test;

/** With a producer of Kafka's that takes what it is given, and answers when it is told to. */
class EventProducerTest {

    private static final long MINUTE = 60_000;

    private record Given(ProducerRecord<byte[], byte[]> record, Callback callback) {

        String text() {
            return new String(record.value(), UTF_8).replaceAll(".*\"text\":\"(.*?)\".*", "$1");
        }

        RecordSignature signature() {
            return RecordSignature.parse(record.headers().lastHeader(RecordSignature.HEADER).value()).orElseThrow();
        }
    }

    private final AtomicLong clock = new AtomicLong(1_763_791_200_000L);
    private final List<Given> given = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final SigningKey key = SigningKey.generate();
    private final RecordSigner signer = new RecordSigner(key, "charla", Topics.RAW);
    private final EventProducer producer = new EventProducer(kafka(), clock::get);

    @SuppressWarnings("unchecked")
    private Producer<byte[], byte[]> kafka() {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        given.add(new Given((ProducerRecord<byte[], byte[]>) arguments[0], (Callback) arguments[1]));
                    }
                    return null;
                });
    }

    @Test
    void signsWhatWasGivenToItAsItIsSent() {
        send("hola");

        ProducerRecord<byte[], byte[]> record = given.get(0).record();
        assertThat(given.get(0).signature().signedAt()).isEqualTo(clock.get());
        assertThat(new RecordVerifier("charla", Topics.RAW, SignatureVerifier.bouncyCastle())
                .verify(key.publicKey(), given.get(0).signature(), record.key(), record.value())).isTrue();
    }

    @Test
    void addsNothingToWhatIsNotSigned() {
        producer.send(message("hola"), (place, e) -> { });

        assertThat(given.get(0).record().headers()).isEmpty();
    }

    @Test
    void signsAndSendsAnewInOrderWhatHasWaitedTooLongForKafka() {
        send("one");
        clock.addAndGet(50_000);
        send("two");
        send("three");
        clock.addAndGet(3 * 60 * MINUTE);

        for (int i = 0; i < 3; i++) {
            take(i);
        }

        await().untilAsserted(() -> assertThat(given).hasSize(6));
        assertThat(given).extracting(Given::text).containsExactly("one", "two", "three", "one", "two", "three");
        assertThat(told).isEmpty();
        for (int i = 3; i < 6; i++) {
            assertThat(given.get(i).signature().isFreshAt(clock.get())).isTrue();
            take(i);
        }
        assertThat(told).containsExactly("one", "two", "three");
        producer.flush();
    }

    @Test
    void letsWhatIsNewWaitUntilWhatIsOldIsSentAnew() throws InterruptedException {
        send("one");
        send("two");
        clock.addAndGet(31 * MINUTE);
        Thread other = new Thread(() -> send("three"));
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);

        take(0);
        take(1);

        other.join();
        await().untilAsserted(() -> assertThat(given).extracting(Given::text)
                .containsExactly("one", "two", "one", "two", "three"));
    }

    /** Whatever is taken in time stands in front of all that is not. */
    @Test
    void neverLetsALaterOneBeTakenInTimeWhereAnEarlierOneWasNot() {
        send("one");
        clock.addAndGet(MINUTE);
        send("two");
        clock.addAndGet(29 * MINUTE + 1);

        assertThat(given.get(1).signature().signedAt()).isEqualTo(given.get(0).signature().signedAt());
        take(0);
        take(1);

        await().untilAsserted(() -> assertThat(given).extracting(Given::text).containsExactly("one", "two", "one", "two"));
    }

    @Test
    void tellsAtOnceWhatIsTakenAtOnceWhereTheClockIsWrong() {
        send("one");
        given.get(0).callback().onCompletion(place(0, clock.get() + 60 * MINUTE), null);

        assertThat(told).containsExactly("one");
        assertThat(given).hasSize(1);
    }

    @Test
    void goesOnBehindWhatKafkaDidNotTake() {
        send("one");
        given.get(0).callback().onCompletion(null, new TimeoutException("away"));
        clock.addAndGet(31 * MINUTE);
        send("two");

        assertThat(told).containsExactly("one: away");
        assertThat(given.get(1).signature().signedAt()).isEqualTo(clock.get());
    }

    private void send(String text) {
        producer.send(message(text), signer, (place, e) -> told.add(e == null ? text : text + ": " + e.getMessage()));
    }

    private static RawEvent message(String text) {
        return new RawEvent.Message(text, "ada", "general", text, 1);
    }

    /** Kafka has a record now. */
    private void take(int number) {
        given.get(number).callback().onCompletion(place(number, clock.get()), null);
    }

    private static RecordMetadata place(int offset, long timestamp) {
        return new RecordMetadata(new TopicPartition(Topics.RAW, 0), offset, 0, timestamp, 0, 0);
    }
}
