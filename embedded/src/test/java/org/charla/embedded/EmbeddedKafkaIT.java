package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    @RegisterExtension
    private static final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;

    @Test
    void keepsRecordsAndPortAcrossARestart() throws Exception {
        int port;
        try (EmbeddedKafka kafka = start(directory, 0)) {
            port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
            createTopic(kafka, "letters");
            send(kafka, "letters", "a");
        }
        try (EmbeddedKafka kafka = start(directory, port)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(read(kafka, "letters")).containsExactly("a");
        }
    }

    @Test
    void keepsAllOfItInOneFolderWhateverThatIsCalled() throws Exception {
        try (EmbeddedKafka kafka = start(directory.resolve("a, b,c"), 0)) {
            createTopic(kafka, "letters");
        }
        assertThat(directory.resolve("a, b,c/letters-0")).isDirectory();
        assertThat(directory.toFile().list()).containsExactly("a, b,c");
    }

    @Test
    void severalRunInOneProcess() throws Exception {
        try (EmbeddedKafka one = start(directory.resolve("one"), 0);
                EmbeddedKafka other = start(directory.resolve("other"), 0)) {
            createTopic(one, "letters");
            createTopic(other, "letters");
            send(one, "letters", "a");
            send(other, "letters", "b");
            assertThat(read(one, "letters")).containsExactly("a");
            assertThat(read(other, "letters")).containsExactly("b");
        }
    }

    @Test
    void makesNoTopicOfItsOwnAccordAndSpeaksTheStreamsProtocol() throws Exception {
        try (EmbeddedKafka kafka = start(directory, 0); Admin admin = admin(kafka)) {
            assertThatThrownBy(() -> send(kafka, "nowhere", "a")).hasCauseInstanceOf(TimeoutException.class);
            assertThat(admin.listTopics().names().get()).isEmpty();
            assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("streams.version")
                    .maxVersionLevel()).isEqualTo((short) 1);
        }
    }

    /** Instead of the five minutes that a broker of Kafka's waits for a controller that takes over what it leads. */
    @Test
    void leavesItsPortWithinSecondsAlsoWhenTheControllerDoesNotAnswer() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory, 0,
                Map.of("create.topic.policy.class.name", HoldingPolicy.class.getName()), faults);
        String[] hostAndPort = kafka.bootstrapServers().split(":");
        Admin admin = admin(kafka);
        admin.createTopics(List.of(new NewTopic("letters", 1, (short) -1)));
        assertThat(HoldingPolicy.entered.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(kafka::close);
        try {
            await().atMost(Duration.ofSeconds(30)).until(
                    () -> !isListening(new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]))));
            assertThat(closed).isNotDone();
        } finally {
            HoldingPolicy.release.countDown();
            closed.get(30, TimeUnit.SECONDS);
            admin.close(Duration.ZERO);
        }
    }

    private static boolean isListening(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Keeps the controller's only thread until it is told to go on. */
    public static final class HoldingPolicy implements CreateTopicPolicy {

        private static final CountDownLatch entered = new CountDownLatch(1);
        private static final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void validate(RequestMetadata topic) {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void configure(Map<String, ?> settings) {
        }

        @Override
        public void close() {
        }
    }

    private static EmbeddedKafka start(Path directory, int port) throws Exception {
        return EmbeddedKafka.start(Checkout.BROKER, directory, port, faults);
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static void createTopic(EmbeddedKafka kafka, String name) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) -1))).all().get(10, TimeUnit.SECONDS);
        }
    }

    private static void send(EmbeddedKafka kafka, String topic, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "3000"),
                new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(EmbeddedKafka kafka, String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            List<String> values = new java.util.ArrayList<>();
            while (consumer.position(new TopicPartition(topic, 0)) < consumer
                    .endOffsets(List.of(new TopicPartition(topic, 0))).get(new TopicPartition(topic, 0))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
