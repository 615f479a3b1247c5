package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.Document;
import org.charla.client.identity.KeyFolder;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordVerifier;
import org.charla.protocol.signature.SignatureVerifier;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whose a user id is, from two machines against a broker and the streams app. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityIT {

    private static final String OPERATOR = "operator";

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private Path folder;
    private EmbeddedKafka kafka;
    private EmbeddedStore store;
    private StreamsApp app;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        folder = directory;
        kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
        store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", directory.resolve("streams").toString());
        settings.put("operators", OPERATOR + "=" + keys("laptop").obtain(OPERATOR).publicKey());
        app = StreamsApp.start(StreamsAppConfig.of(settings, Map.of()));
        assertThat(app.awaitRunning(Duration.ofSeconds(60))).isTrue();
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    void stop() throws Exception {
        producer.close();
        app.close();
        store.close();
        kafka.close();
    }

    @Test
    void signsAllThatIsSentWithAKeyMadeOnFirstUse() {
        assertThat(run("laptop", "one\ntwo\n", "send", "general", "--user", "ada", "--wait")).isEqualTo(new Result(0, "", ""));

        UserKey key = keys("laptop").find("ada").orElseThrow().publicKey();
        List<ConsumerRecord<byte[], byte[]>> sent = raw("ada");
        assertThat(sent).hasSize(3);
        assertThat(new String(sent.get(0).value(), UTF_8)).contains("\"keys\":[\"" + key + "\"]");
        RecordVerifier verifier = new RecordVerifier("charla", Topics.RAW, SignatureVerifier.bouncyCastle());
        assertThat(sent).allSatisfy(record -> {
            RecordSignature signature = RecordSignature.parse(
                    record.headers().lastHeader(RecordSignature.HEADER).value()).orElseThrow();
            assertThat(verifier.verify(key, signature, record.key(), record.value())).isTrue();
            assertThat(signature.isFreshAt(record.timestamp())).isTrue();
        });
    }

    @Test
    void leavesTheKeysOfAClaimedIdAsTheyAre() {
        UserKey own = keys("laptop").obtain("two").publicKey();
        claim("two", own, SigningKey.generate().publicKey());

        run("laptop", "", "send", "general", "hola", "--user", "two");

        assertThat(raw("two")).hasSize(2).noneMatch(record -> new String(record.value(), UTF_8).contains("\"keys\""));
    }

    @Test
    void sendsNothingAsSomebodyWhoseIdIsClaimedAndMakesNoKey() {
        UserKey other = SigningKey.generate().publicKey();
        claim("taken", other);

        Result refused = run("laptop", "hola\n", "send", "general", "--user", "taken");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("charla: taken belongs to whoever holds the key " + other.fingerprint()
                + ": choose another --user; if it is yours, charla identity show --user taken says how to use it here\n");
        assertThat(raw("taken")).isEmpty();
        assertThat(keys("laptop").find("taken")).isEmpty();
        assertThat(run("laptop", "", "identity", "show", "--user", "taken").out()).contains(
                "claimed      by " + other.fingerprint(), "charla identity export; and here: charla identity import");
        keys("laptop").obtain("taken");
        assertThat(run("laptop", "hola\n", "send", "general", "--user", "taken").err()).contains(other.fingerprint());
        assertThat(run("laptop", "", "identity", "show", "--user", "taken").out()).contains("charla identity add-key ed25519:");
    }

    @Test
    void opensNoChatAsSomebodyWhoseIdIsClaimed() {
        UserKey other = SigningKey.generate().publicKey();
        try (MongoClient mongo = MongoClients.create(store.uri())) {
            mongo.getDatabase("chat").getCollection(Topics.USERS).insertOne(new Document("_id", "chatty")
                    .append("userId", "chatty").append("displayName", "Chatty").append("updatedAt", new Date())
                    .append("keys", List.of(other.toString())));
        }

        Result refused = run("laptop", "hola\n", "chat", "--user", "chatty", "--channel", "general");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("charla: chatty belongs to whoever holds the key " + other.fingerprint())
                .hasLineCount(1);
        assertThat(raw("chatty")).isEmpty();
    }

    @Test
    void letsASecondMachineWriteFromWhenItsKeyIsAddedUntilItIsRevoked() {
        assertThat(run("laptop", "", "send", "general", "hola", "--user", "eva", "--wait").status()).isZero();
        assertThat(run("phone", "", "send", "general", "hola", "--user", "eva").err()).contains("belongs to whoever holds");
        run("phone", "", "identity", "create", "--user", "eva");
        UserKey phone = keys("phone").find("eva").orElseThrow().publicKey();

        assertThat(run("phone", "", "identity", "add-key", phone.toString(), "--user", "eva").err())
                .contains("belongs to whoever holds").hasLineCount(1);
        Result added = run("laptop", "", "identity", "add-key", phone.toString(), "--user", "eva", "--json");
        assertThat(added.err()).isEmpty();
        assertThat(added.out()).contains(phone.toString(), phone.fingerprint());
        assertThat(run("laptop", "", "identity", "add-key", phone.toString(), "--user", "eva").status()).isZero();
        assertThat(run("phone", "", "send", "general", "hola", "--user", "eva", "--wait").status()).isZero();
        assertThat(run("laptop", "", "send", "general", "hola", "--user", "eva", "--wait").status()).isZero();
        assertThat(run("laptop", "", "identity", "show", "--user", "eva").out())
                .contains("claimed      by this key, and by " + phone.fingerprint());

        UserKey laptop = keys("laptop").find("eva").orElseThrow().publicKey();
        assertThat(run("laptop", "", "identity", "revoke", laptop.toString(), "--user", "eva").err()).contains("--own");
        assertThat(run("laptop", "", "identity", "revoke", "SHA256:x", "--user", "eva").err()).contains("none of this user's keys");
        assertThat(run("laptop", "", "identity", "revoke", phone.fingerprint(), "--user", "eva").status()).isZero();
        assertThat(run("phone", "", "send", "general", "hola", "--user", "eva").err()).contains("belongs to whoever holds");
        assertThat(run("laptop", "", "identity", "revoke", laptop.fingerprint(), "--own", "--user", "eva").err())
                .contains("this is the only key");
    }

    @Test
    void importsAsAnOperatorWhatMayNotBeTakenByOthersLater() {
        Result imported = run("laptop", line("old", "one") + line("older", "two"),
                "import", "-", "--operator", OPERATOR, "--protect", "--json");

        assertThat(imported.err()).isEmpty();
        assertThat(imported.out()).contains("\"sent\":2,", "\"protected\":2,", "\"completed\":true");
        assertThat(run("phone", "", "send", "general", "hola", "--user", "old").err()).contains("belongs to whoever holds");
        assertThat(run("phone", line("old", "three"), "import", "-").err()).contains("old is claimed").hasLineCount(1);
    }

    @Test
    void importsUnsignedWhereNobodyIsAnOperator() {
        keys("phone").obtain(System.getProperty("user.name"));

        Result imported = run("phone", line("new", "one") + line("newer", "two"), "import", "-");

        assertThat(imported.err()).isEmpty();
        assertThat(imported.out()).startsWith("sent 2, duplicates skipped 0, users made 2, lines refused 0");
        assertThat(raw("newer")).allMatch(record -> record.headers().lastHeader(RecordSignature.HEADER) == null);
    }

    @Test
    void saysThatSomebodyIsNoOperator() {
        UserKey key = keys("phone").obtain("nobody").publicKey();

        Result refused = run("phone", line("newest", "one"), "import", "-", "--operator", "nobody");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("charla: nobody is no operator there: the streams app's setting operators must"
                + " name nobody=" + key + "\n");
        assertThat(run("phone", line("newest", "one"), "import", "-", "--operator", "unknown").err())
                .startsWith("charla: there is no key of unknown here");
    }

    private void claim(String userId, UserKey... keys) {
        List<String> texts = Arrays.stream(keys).map(UserKey::toString).toList();
        producer.send(new ProducerRecord<>(Topics.USERS, userId.getBytes(UTF_8),
                Wire.write(new UserProfile(userId, userId, texts, 1))));
        producer.flush();
    }

    /** All of a user's records, in order. */
    private List<ConsumerRecord<byte[], byte[]>> raw(String userId) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.RAW).stream()
                    .map(info -> new TopicPartition(Topics.RAW, info.partition())).toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (new String(record.key(), UTF_8).equals(userId)) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    private static String line(String nick, String text) {
        return "{\"channel\":\"imported\",\"nick\":\"" + nick + "\",\"sentAt\":\"2007-09-14T10:24:21Z\",\"text\":\""
                + text + "\"}\n";
    }

    private KeyFolder keys(String machine) {
        return new KeyFolder(Map.of("XDG_DATA_HOME", folder.resolve(machine).toString()));
    }

    private Result run(String machine, String input, String... arguments) {
        return Result.of(Map.of("CHARLA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "CHARLA_MONGODB_URI", store.uri(),
                "CHARLA_LANG", "en", "XDG_STATE_HOME", folder.toString(),
                "XDG_DATA_HOME", folder.resolve(machine).toString()), input, arguments);
    }
}
