package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.charla.access.KafkaAccess;
import org.charla.access.Store;
import org.charla.client.QuietLogging;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.text.TextStart;
import org.charla.protocol.ClosedKafka;

/**
 * Where the servers are and who speaks. What an option says goes before the environment, that before the
 * configuration file, and that before the default.
 *
 * @param mongodbTruststore file of PEM certificates by which MongoDB's is judged; empty: those of this machine
 * @param realm   the cluster's {@code signatures.realm}, which signatures are made for
 * @param kafka   Kafka client settings from the configuration file, without their prefix {@code kafka.} and with
 *                {@link ClosedKafka}'s in the place of its three
 * @param connect settings of the way to Kafka Connect from the configuration file, without their prefix
 *                {@code connect.}
 * @param userGiven whether {@code user} was given, rather than taken from this machine
 */
public record Settings(
        String bootstrapServers, String mongodbUri, String mongodbTruststore, String connectUrl, String user, String realm,
        Map<String, String> kafka, Map<String, String> connect, boolean userGiven) {

    /** Whom the system knows the person as. */
    public static final String MACHINE_USER = System.getProperty("user.name");

    private static final String CONFIG_VARIABLE = "CHARLA_CONFIG";
    private static final String KAFKA_PREFIX = "kafka.";
    private static final String CONNECT_PREFIX = "connect.";
    /** In bytes: more than anybody writes. */
    private static final int LONGEST_FILE = 1 << 20;

    /** What can be set, by its key in the configuration file. */
    public enum Key {
        BOOTSTRAP_SERVERS("bootstrap.servers", "localhost:9092"),
        MONGODB_URI("mongodb.uri", "mongodb://localhost:27017"),
        MONGODB_TRUSTSTORE("mongodb.truststore", ""),
        CONNECT_URL("connect.url", "http://localhost:8083"),
        USER("user", MACHINE_USER),
        REALM("signatures.realm", "charla");

        private final String name;
        private final String fallback;

        Key(String name, String fallback) {
            this.name = name;
            this.fallback = fallback;
        }

        private String variable() {
            return "CHARLA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
        }
    }

    /**
     * Puts the settings together.
     *
     * @param options what was given on the command line
     * @param configFile the file named on the command line, or null
     * @param environment the process environment; a variable that is empty counts as not set
     * @throws CommandFailure if the configuration file can't be read or holds a key that nobody knows
     */
    public static Settings resolve(Map<Key, String> options, Path configFile, Map<String, String> environment) {
        Map<String, String> file = read(configFile, environment);
        Map<Key, String> values = new HashMap<>();
        for (Key key : Key.values()) {
            String variable = environment.getOrDefault(key.variable(), "");
            values.put(key, options.getOrDefault(key,
                    variable.isEmpty() ? file.getOrDefault(key.name, key.fallback) : variable));
        }
        Map<String, String> kafka;
        try {
            kafka = ClosedKafka.settings(below(KAFKA_PREFIX, file));
        } catch (ConfigException e) {
            throw new CommandFailure(e.getMessage(), e);
        }
        Map<String, String> connect = new HashMap<>(below(CONNECT_PREFIX, file));
        connect.remove("url");
        return new Settings(values.get(Key.BOOTSTRAP_SERVERS), values.get(Key.MONGODB_URI),
                values.get(Key.MONGODB_TRUSTSTORE), values.get(Key.CONNECT_URL), values.get(Key.USER), values.get(Key.REALM),
                Map.copyOf(kafka), Map.copyOf(connect),
                options.containsKey(Key.USER) || file.containsKey(Key.USER.name)
                        || !environment.getOrDefault(Key.USER.variable(), "").isEmpty());
    }

    private static Map<String, String> below(String prefix, Map<String, String> file) {
        return file.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    private static Map<String, String> read(Path option, Map<String, String> environment) {
        String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
        if (option == null && variable.isEmpty()) {
            return Map.of();
        }
        Path path = option != null ? option : Path.of(variable);
        Properties properties = new Properties();
        if (!Files.exists(path)) {
            throw new CommandFailure("there is no configuration file " + path + " (--config, " + CONFIG_VARIABLE + ")");
        }
        // It may be a pipe: no channel, which asks where it stands in the file.
        try (InputStream file = new BufferedInputStream(new FileInputStream(path.toFile()))) {
            byte[] bytes = file.readNBytes(LONGEST_FILE + 1);
            if (bytes.length > LONGEST_FILE) {
                throw new CommandFailure("the configuration file " + path + " has more than " + LONGEST_FILE + " bytes");
            }
            int begin = TextStart.markLength(bytes, bytes.length);
            properties.load(new InputStreamReader(
                    new ByteArrayInputStream(bytes, begin, bytes.length - begin), UTF_8.newDecoder()));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("the configuration file " + path + " can't be read: it must be a properties file"
                    + " in UTF-8", e);
        }
        Map<String, String> settings = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(KAFKA_PREFIX) && !name.startsWith(CONNECT_PREFIX)
                    && Arrays.stream(Key.values()).noneMatch(key -> key.name.equals(name))) {
                throw new CommandFailure("the configuration file " + path + " sets " + name
                        + ", which nobody knows: it takes bootstrap.servers, mongodb.uri, mongodb.truststore, connect.url, user,"
                        + " signatures.realm, connect.username and the like, and Kafka client settings with the prefix kafka.");
            }
            settings.put(name, properties.getProperty(name).strip());
        }
        return settings;
    }

    /** The same for other servers. */
    public Settings withServers(String otherBootstrapServers, String otherMongodbUri) {
        return new Settings(otherBootstrapServers, otherMongodbUri, mongodbTruststore, connectUrl, user, realm, kafka, connect,
                userGiven);
    }

    /** The same for somebody else. */
    Settings withUser(String otherUser) {
        return new Settings(bootstrapServers, mongodbUri, mongodbTruststore, connectUrl, otherUser, realm, kafka, connect, true);
    }

    /** The way to Kafka. */
    public KafkaAccess kafkaAccess() {
        return new KafkaAccess(bootstrapServers, kafka, "--bootstrap-servers");
    }

    /** The way to MongoDB, to be closed by the caller. */
    public Store store() {
        // The driver has threads of its own, and Kafka's clients have others.
        QuietLogging.begin();
        return new Store(mongodbUri, "--mongodb-uri", mongodbTruststore);
    }

    /** Names no value: addresses and Kafka settings may hold credentials. */
    @Override
    public String toString() {
        return "Settings of " + user;
    }
}
