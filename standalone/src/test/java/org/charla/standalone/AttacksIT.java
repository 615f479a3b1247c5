package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.client.text.Appearance;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RawEvent.Message;
import org.charla.protocol.RawEvent.Profile;
import org.charla.protocol.RawEvent.ProfileRemoval;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody may try with what a client has, and how it ends: as the table "Who can do what" in docs/operations.md
 * says, by default and on a closed cluster.
 */
class AttacksIT {

    private static final String CHANNEL = "general";
    private static final String CLAIMS = "charla-streams-users-changelog";
    private static final String ACCEPTED_IDS = "charla-streams-accepted-ids-changelog";
    private static final String REALM = "charla";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Of whoever attacks. */
    private static final SigningKey MALLORYS = SigningKey.generate();

    /** What ends alike on both. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Attacks {

        @RegisterExtension
        final ServerFaults faults = new ServerFaults();

        private Path folder;
        private int starts;
        private StreamsApp app;
        private KafkaProducer<byte[], byte[]> producer;
        private KafkaConsumer<byte[], byte[]> consumer;

        abstract void startKafka(Path directory) throws Exception;

        abstract void stopKafka() throws Exception;

        /** Returns when it runs. */
        abstract StreamsApp startStreamsApp(Path stateFolder) throws Exception;

        /** Settings of Kafka's clients as everybody has them who chats. */
        abstract Map<String, Object> client();

        @BeforeAll
        void start(@TempDir Path directory) throws Exception {
            folder = directory;
            startKafka(folder);
            app = startStreamsApp(folder.resolve("streams"));
            producer = new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
            Map<String, Object> reader = new HashMap<>(client());
            reader.put("isolation.level", "read_committed");
            reader.put("allow.auto.create.topics", false);
            // To read one topic right behind another need not wait until there is more in the first.
            reader.put("fetch.max.wait.ms", 10);
            consumer = new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @AfterAll
        void stop() throws Exception {
            consumer.close();
            producer.close();
            app.close();
            stopKafka();
        }

        /** Another streams app goes on, which knows nothing but what stands in Kafka. */
        void replaceStreamsApp() throws Exception {
            app.close();
            app = startStreamsApp(folder.resolve("streams-" + ++starts));
        }

        @Test
        void nobodySpeaksUnderAClaimedName() throws Exception {
            SigningKey key = claim("ada");
            Message genuine = text("ada", "I am Ada");
            send(signed(genuine, key));
            Message forged = text("ada", "I am Ada, too");
            byte[] ada = utf8("ada");
            byte[] value = Wire.write(forged);
            long now = System.currentTimeMillis();

            Map<RecordMetadata, String> attempts = new LinkedHashMap<>();
            attempts.put(send(unsigned(forged)), "UNSIGNED");
            for (byte[] signature : List.of(new byte[0], signature(MALLORYS, REALM, Topics.RAW, ada, value, now),
                    signature(key, REALM, Topics.RAW, ada, Wire.write(genuine), now),
                    signature(key, "elsewhere", Topics.RAW, ada, value, now),
                    signature(key, REALM, Topics.USERS, ada, value, now),
                    signature(key, REALM, Topics.RAW, utf8("eve"), value, now))) {
                attempts.put(send(with(signature, new ProducerRecord<>(Topics.RAW, ada, value))), "INVALID_SIGNATURE");
            }
            byte[] mallory = utf8("mallory");
            attempts.put(send(with(signature(MALLORYS, REALM, Topics.RAW, mallory, value, now),
                    new ProducerRecord<>(Topics.RAW, mallory, value))), "KEY_MISMATCH");
            attempts.put(send(unsigned(profile("ada", "Not Ada"))), "UNSIGNED");
            attempts.put(send(signed(profile("ada", "Not Ada", MALLORYS), MALLORYS)), "INVALID_SIGNATURE");
            attempts.put(send(unsigned(removal("ada"))), "UNSIGNED");

            assertRefused(attempts);
            assertSaidThisAndNothingElse("ada", key, "I am Ada");
            assertThat(read(Topics.USERS)).filteredOn(record -> Arrays.equals(record.key(), ada)).hasSize(1);
        }

        @Test
        void whoeverSpeaksUnderANameThatNobodyClaimedIsNotVerified() throws Exception {
            send(unsigned(profile("free", "Free")));
            send(unsigned(text("free", "hola")));

            assertThat(awaitMessages("free", 1)).extracting(ChannelMessage::author)
                    .containsExactly(new Author("free", "Free"));
        }

        @Test
        void nobodySendsAnothersEventAgainNotToAnotherPartitionEitherNorToTheNextStreamsApp() throws Exception {
            SigningKey key = claim("bob");
            ProducerRecord<byte[], byte[]> seen = signed(text("bob", "once"), key);
            int partition = send(seen).partition();
            awaitMessages("bob", 1);

            RecordMetadata atOnce = send(seen);
            int another = (partition + 1) % producer.partitionsFor(Topics.RAW).size();
            assertRefused(Map.of(send(new ProducerRecord<>(
                    seen.topic(), another, seen.key(), seen.value(), seen.headers())), "WRONG_PARTITION"));
            replaceStreamsApp();
            RecordMetadata later = send(seen);

            assertSaidThisAndNothingElse("bob", key, "once");
            assertThat(refusals()).doesNotContainKeys(place(atOnce), place(later));
        }

        @Test
        void nobodySendsWhatWasHeldBackForHalfAnHourWhateverItsTimestampSays() throws Exception {
            SigningKey key = claim("carol");
            byte[] carol = utf8("carol");
            byte[] value = Wire.write(text("carol", "too late"));
            long signedAt = System.currentTimeMillis() - Duration.ofMinutes(31).toMillis();

            assertRefused(Map.of(send(with(signature(key, REALM, Topics.RAW, carol, value, signedAt),
                    new ProducerRecord<>(Topics.RAW, null, signedAt, carol, value))), "STALE_SIGNATURE"));
            assertSaidThisAndNothingElse("carol", key);
        }

        @Test
        void nobodyTakesTheNameOfSomebodyWhoRemovedTheirProfile() throws Exception {
            SigningKey key = claim("dave");
            send(signed(removal("dave"), key));

            Map<RecordMetadata, String> attempts = new LinkedHashMap<>();
            attempts.put(send(unsigned(profile("dave", "Dave"))), "UNSIGNED");
            attempts.put(send(signed(profile("dave", "Dave", MALLORYS), MALLORYS)), "INVALID_SIGNATURE");
            assertRefused(attempts);
            replaceStreamsApp();
            assertRefused(Map.of(send(signed(profile("dave", "Dave", MALLORYS), MALLORYS)), "INVALID_SIGNATURE"));

            send(signed(profile("dave", "Dave"), key));
            assertSaidThisAndNothingElse("dave", key);
        }

        @Test
        void whoeverTakesANameThatLooksLikeAnothersIsToldApartByTheUserId() throws Exception {
            SigningKey key = claim("erin");
            String lookAlike = "\u0435rin";
            // So the chat shows the id beside the name.
            assertThat(Collections.disjoint(Appearance.of("erin"), Appearance.of(lookAlike))).isFalse();

            send(signed(profile(lookAlike, "Name of erin", MALLORYS), MALLORYS));
            send(signed(text(lookAlike, "I am Erin"), MALLORYS));

            assertThat(awaitMessages(lookAlike, 1)).extracting(ChannelMessage::author)
                    .containsExactly(new Author(lookAlike, "Name of erin", true));
            assertSaidThisAndNothingElse("erin", key);
        }

        @Test
        void nobodyLearnsFromTheRefusalsWhoWasRefusedOrWhat() throws Exception {
            assertRefused(Map.of(send(unsigned(text("frank", "a secret"))), "UNKNOWN_USER"));

            assertThat(read(Topics.REFUSALS)).isNotEmpty().allSatisfy(record -> {
                assertThat(record.key()).isNull();
                assertThat(record.value()).isNull();
                record.headers().forEach(header ->
                        assertThat(new String(header.value(), UTF_8)).doesNotContain("frank", "secret"));
            });
        }

        /** Makes an id somebody's, and returns the key that it has from now on. */
        SigningKey claim(String userId) throws Exception {
            SigningKey key = SigningKey.generate();
            send(signed(profile(userId, "Name of " + userId, key), key));
            await().atMost(LIMIT).until(() -> latest(Topics.USERS, utf8(userId)) != null);
            return key;
        }

        RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws Exception {
            return producer.send(record).get();
        }

        /** Each by the code, as whoever wrote it learns. */
        void assertRefused(Map<RecordMetadata, String> codes) {
            Map<String, String> expected = new HashMap<>();
            codes.forEach((written, code) -> expected.put(place(written), code));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(refusals()).containsAllEntriesOf(expected));
        }

        Map<String, String> refusals() {
            Map<String, String> codes = new HashMap<>();
            read(Topics.REFUSALS).forEach(record -> Rejection.fromHeaders(record.headers())
                    .ifPresent(rejection -> codes.put(rejection.source(), rejection.code())));
            return codes;
        }

        /** Has them say one thing more, behind which nothing is to come that was written before. */
        void assertSaidThisAndNothingElse(String userId, SigningKey key, String... texts) throws Exception {
            send(signed(text(userId, "no more"), key));
            await().atMost(LIMIT).until(() ->
                    messages(userId).stream().anyMatch(said -> said.text().equals("no more")));
            List<String> all = new ArrayList<>(List.of(texts));
            all.add("no more");
            assertThat(messages(userId)).allMatch(said -> said.author().verified())
                    .extracting(ChannelMessage::text).isEqualTo(all);
        }

        List<ChannelMessage> awaitMessages(String userId, int count) {
            return await().atMost(LIMIT).until(() -> messages(userId), said -> said.size() >= count);
        }

        private List<ChannelMessage> messages(String userId) throws Exception {
            List<ChannelMessage> messages = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : read(Topics.ofChannel(CHANNEL))) {
                Wire.readChannelMessage(record.value()).filter(message -> message.author().userId().equals(userId))
                        .ifPresent(messages::add);
            }
            return messages;
        }

        /** The newest record of this key, or null. */
        ConsumerRecord<byte[], byte[]> latest(String topic, byte[] key) {
            return read(topic).stream().filter(record -> Arrays.equals(record.key(), key))
                    .reduce((one, next) -> next).orElse(null);
        }

        /** All that stands in a topic. */
        List<ConsumerRecord<byte[], byte[]>> read(String topic) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    @Nested
    class ByDefault extends Attacks {

        private EmbeddedKafka kafka;

        @Override
        void startKafka(Path directory) throws Exception {
            kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        }

        @Override
        void stopKafka() throws Exception {
            kafka.close();
        }

        @Override
        StreamsApp startStreamsApp(Path stateFolder) throws Exception {
            StreamsApp app = StreamsApp.start(StreamsAppConfig.load(Checkout.HOME.resolve("config/streams.properties"),
                    Map.of(StreamsAppConfig.ENV_PREFIX + "BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                            StreamsAppConfig.ENV_PREFIX + "STATE_DIR", stateFolder.toString())));
            assertThat(app.awaitRunning(LIMIT)).isTrue();
            return app;
        }

        @Override
        Map<String, Object> client() {
            return Map.of("bootstrap.servers", kafka.bootstrapServers());
        }

        @Test
        void whoeverReachesKafkaForgesChannelRecordsAndProfilesWhichGiveNobodyTheClaim() throws Exception {
            SigningKey key = claim("gina");
            send(signed(text("gina", "mine"), key));
            awaitMessages("gina", 1);

            send(forgedMessage("gina"));
            send(forgedProfile("gina"));

            assertThat(awaitMessages("gina", 2).get(1)).isEqualTo(Wire.readChannelMessage(forgedMessage("gina").value())
                    .orElseThrow());
            assertThat(latest(Topics.USERS, utf8("gina")).value()).isEqualTo(forgedProfile("gina").value());
            assertRefused(Map.of(send(signed(text("gina", "not mine"), MALLORYS)), "INVALID_SIGNATURE"));
        }

        @Test
        void whoeverReachesKafkaReadsWhatWasRefused() throws Exception {
            ProducerRecord<byte[], byte[]> refused = unsigned(text("hugo", "a secret"));
            assertRefused(Map.of(send(refused), "UNKNOWN_USER"));

            assertThat(latest(Topics.REJECTED, utf8("hugo")).value()).isEqualTo(refused.value());
        }

        @Test
        void whoeverReachesKafkaChangesWhatTheNextStreamsAppKnowsOfClaimsAndDuplicates() throws Exception {
            claim("iris");
            Message message = text("jack", "again");
            ProducerRecord<byte[], byte[]> seen = signed(message, claim("jack"));
            send(seen);
            awaitMessages("jack", 1);
            ConsumerRecord<byte[], byte[]> known = read(ACCEPTED_IDS).stream()
                    .filter(record -> new String(record.key(), UTF_8).contains(message.messageId()))
                    .findFirst().orElseThrow();

            send(new ProducerRecord<>(ACCEPTED_IDS, known.partition(), known.key(), null));
            send(forgedClaim("iris"));
            replaceStreamsApp();
            send(seen);
            send(signed(text("iris", "taken"), MALLORYS));

            assertThat(awaitMessages("jack", 2)).extracting(ChannelMessage::text).containsExactly("again", "again");
            assertThat(awaitMessages("iris", 1)).extracting(ChannelMessage::text).containsExactly("taken");
        }
    }

    @Nested
    class OnAClosedCluster extends Attacks {

        private ClosedCluster cluster;

        @Override
        void startKafka(Path directory) throws Exception {
            cluster = ClosedCluster.start(directory, faults);
        }

        @Override
        void stopKafka() throws Exception {
            cluster.close();
        }

        @Override
        StreamsApp startStreamsApp(Path stateFolder) throws Exception {
            return cluster.startStreamsApp(stateFolder, 2);
        }

        @Override
        Map<String, Object> client() {
            return cluster.as("client");
        }

        @Test
        void noClientForgesChannelRecordsOrProfilesOrWhatTheStreamsAppRemembers() throws Exception {
            SigningKey key = claim("gina");
            byte[] claimed = latest(Topics.USERS, utf8("gina")).value();
            send(signed(text("gina", "mine"), key));
            awaitMessages("gina", 1);

            for (ProducerRecord<byte[], byte[]> forged : List.of(forgedMessage("gina"), forgedProfile("gina"),
                    new ProducerRecord<>(Topics.USERS, utf8("gina"), (byte[]) null), forgedClaim("gina"),
                    new ProducerRecord<>(ACCEPTED_IDS, 0, utf8("gina"), (byte[]) null))) {
                assertThatThrownBy(() -> send(forged)).hasCauseInstanceOf(AuthorizationException.class);
            }

            assertSaidThisAndNothingElse("gina", key, "mine");
            assertThat(latest(Topics.USERS, utf8("gina")).value()).isEqualTo(claimed);
        }

        @Test
        void noClientReadsWhatWasRefusedNorWhatOthersSend() throws Exception {
            assertRefused(Map.of(send(unsigned(text("hugo", "a secret"))), "UNKNOWN_USER"));

            for (String topic : List.of(Topics.REJECTED, Topics.RAW)) {
                assertThatThrownBy(() -> read(topic)).isInstanceOf(AuthorizationException.class);
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> unsigned(RawEvent event) {
        return new ProducerRecord<>(Topics.RAW, utf8(event.userId()), Wire.write(event));
    }

    private static ProducerRecord<byte[], byte[]> signed(RawEvent event, SigningKey key) {
        ProducerRecord<byte[], byte[]> record = unsigned(event);
        long now = System.currentTimeMillis();
        return with(signature(key, REALM, Topics.RAW, record.key(), record.value(), now), record);
    }

    private static ProducerRecord<byte[], byte[]> with(byte[] signature, ProducerRecord<byte[], byte[]> record) {
        record.headers().add(RecordSignature.HEADER, signature);
        return record;
    }

    private static byte[] signature(
            SigningKey key, String realm, String topic, byte[] recordKey, byte[] value, long now) {
        return new RecordSigner(key, realm, topic).sign(recordKey, value, now).toBytes();
    }

    private static Message text(String userId, String text) {
        return new Message(id(), userId, CHANNEL, text, System.currentTimeMillis());
    }

    private static Profile profile(String userId, String displayName, SigningKey... keys) {
        return new Profile(id(), userId, displayName,
                Arrays.stream(keys).map(key -> key.publicKey().toString()).toList(), System.currentTimeMillis());
    }

    private static ProfileRemoval removal(String userId) {
        return new ProfileRemoval(id(), userId, System.currentTimeMillis());
    }

    private static ProducerRecord<byte[], byte[]> forgedMessage(String userId) {
        return new ProducerRecord<>(Topics.ofChannel(CHANNEL), utf8(userId + ":forged"), Wire.write(new ChannelMessage(
                "forged", CHANNEL, new Author(userId, "Name of " + userId, true), "not mine", 1, 1)));
    }

    private static ProducerRecord<byte[], byte[]> forgedProfile(String userId) {
        return new ProducerRecord<>(Topics.USERS, utf8(userId), mallorysProfile(userId));
    }

    private static ProducerRecord<byte[], byte[]> forgedClaim(String userId) {
        return new ProducerRecord<>(CLAIMS, utf8(userId), mallorysProfile(userId));
    }

    private static byte[] mallorysProfile(String userId) {
        return Wire.write(new UserProfile(userId, "Mallory", List.of(MALLORYS.publicKey().toString()), 1));
    }

    private static String place(RecordMetadata written) {
        return written.topic() + "-" + written.partition() + "@" + written.offset();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
