package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.ClosedKafka;
import org.charla.streams.ClusterPermissions;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.charla.testing.Checkout;
import org.charla.testing.Secrets;
import org.charla.testing.ServerFaults;

/** A Kafka with the secrets and the very permissions that docker-compose.secure.yml uses. */
final class ClosedCluster implements AutoCloseable {

    static final Path PERMISSIONS = Checkout.HOME.resolve("config/secure/permissions");

    /** Somebody with a password and nothing else. */
    static final String STRANGER = "stranger";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Secrets secrets;
    private final Map<String, String> passwords;
    private final EmbeddedKafka kafka;
    private final Admin admin;

    private ClosedCluster(Secrets secrets, EmbeddedKafka kafka) throws Exception {
        this.secrets = secrets;
        this.kafka = kafka;
        passwords = new HashMap<>(secrets.read("setup/passwords.properties"));
        passwords.put(STRANGER, "stranger's");
        admin = Admin.create(administrator());
        ClusterPermissions.setPasswords(admin, passwords);
        assertThat(ClusterPermissions.read(PERMISSIONS).apply(admin)).isNotEmpty()
                .allMatch(line -> line.startsWith("+ "));
    }

    /** Makes the secrets and starts Kafka, all in this folder. */
    static ClosedCluster start(Path directory, ServerFaults faults) throws Exception {
        Secrets secrets = Secrets.make(directory.resolve("secrets"));
        Map<String, String> broker = new HashMap<>(Map.of(
                "listeners", "CLIENTS://127.0.0.1:0,BROKER://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
                "listener.security.protocol.map", "CLIENTS:SASL_SSL,BROKER:SSL,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "BROKER",
                "listener.name.broker.ssl.client.auth", "required",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The controller's listener is this process's own.
                "super.users", "User:CN=kafka;User:ANONYMOUS",
                "sasl.enabled.mechanisms", "SCRAM-SHA-512",
                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"));
        broker.putAll(Map.of("ssl.keystore.type", "PEM", "ssl.truststore.type", "PEM",
                "ssl.keystore.location", secrets.file("kafka/kafka.pem").toString(),
                "ssl.truststore.location", secrets.file("kafka/ca.pem").toString()));
        return new ClosedCluster(secrets,
                EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, broker, faults));
    }

    /** Returns when it runs. */
    StreamsApp startStreamsApp(Path stateFolder, int rawPartitions) throws Exception {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                "raw.partitions", String.valueOf(rawPartitions), "state.dir", stateFolder.toString(),
                "kafka.truststore", secrets.file("streams-app/ca.pem").toString()));
        StreamsApp app = StreamsApp.start(StreamsAppConfig.of(settings, secrets.read("streams-app.env")));
        assertThat(app.awaitRunning(LIMIT)).isTrue();
        return app;
    }

    /** Settings of Kafka's clients as this principal. */
    Map<String, Object> as(String principal) {
        Map<String, Object> settings = new HashMap<>(ClosedKafka.settings(Map.of("username", principal,
                "password", password(principal), "truststore", secrets.file("client/ca.pem").toString())));
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("default.api.timeout.ms", 20_000);
        settings.put("request.timeout.ms", 20_000);
        return settings;
    }

    /** Settings of Kafka's clients as who may do all. */
    Map<String, Object> administrator() throws IOException {
        Map<String, Object> settings = new HashMap<>(secrets.read("kafka/admin.properties"));
        settings.put("bootstrap.servers", kafka.bootstrapServers("BROKER"));
        return settings;
    }

    String password(String principal) {
        return passwords.get(principal);
    }

    Secrets secrets() {
        return secrets;
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    /** Who may do all. */
    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
