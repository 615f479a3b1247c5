package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.charla.protocol.ClosedKafka;
import org.charla.protocol.EventRules;
import org.charla.protocol.ReadableTimestamps;
import org.charla.protocol.Topics;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordVerifier;
import org.charla.protocol.signature.SignatureVerifier;
import org.charla.protocol.signature.UserKey;

/**
 * The settings of the streams app. Its own are defined here, once, with default and check; those that begin with
 * {@code kafka.} go to Kafka Streams as they are, without the prefix, but for the three of {@link ClosedKafka}. An instance
 * is valid and does not change.
 */
public final class StreamsAppConfig {

    /** Environment variables of this prefix override the file: {@code CHARLA_STREAMS_CHANNELS_MAX}. */
    public static final String ENV_PREFIX = "CHARLA_STREAMS_";

    private static final String KAFKA_PREFIX = "kafka.";

    private static final String APPLICATION_ID = "application.id";
    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    private static final String STATE_DIR = "state.dir";
    private static final String REPLICATION_FACTOR = "topics.replication.factor";
    private static final String RAW_PARTITIONS = "raw.partitions";
    private static final String RAW_RETENTION = "raw.retention.ms";
    private static final String REJECTED_RETENTION = "rejected.retention.ms";
    private static final String CHANNEL_RETENTION = "channel.retention.ms";
    private static final String DEDUPLICATION_WINDOW = "deduplication.window.ms";
    private static final String SIGNATURES_REQUIRED = "signatures.required";
    private static final String SIGNATURES_REALM = "signatures.realm";
    private static final String SIGNATURES_VERIFIER = "signatures.verifier";
    private static final String OPERATORS = "operators";
    private static final String FLOOD_TOKENS = "flood.limit.burst";
    private static final String FLOOD_PER_MINUTE = "flood.limit.per.minute";
    private static final String CHANNELS_MAX = "channels.max";
    private static final String CHANNELS_PER_USER = "channels.per.user.per.hour";
    private static final String CHANNELS_PER_USER_BURST = "channels.per.user.burst";
    private static final String CHANNELS_TOGETHER = "channels.per.hour";
    private static final String CHANNELS_TOGETHER_BURST = "channels.burst";
    private static final String CHANNELS_OWNED = "channels.owned";
    private static final String HTTP_LISTEN = "http.listen";
    private static final String CHANNEL_TIMEOUT = "channel.creation.timeout.ms";

    /** What the name of the channels' application has behind that of the other. */
    private static final String CHANNELS_SUFFIX = "-channels";

    private static final Pattern HOST_AND_PORT = Pattern.compile(".+:([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_REALM_BYTES = 255;

    private static final long WEEK_MS = Duration.ofDays(7).toMillis();

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(APPLICATION_ID, Type.STRING, "charla-streams", new ConfigDef.NonEmptyString(), HIGH,
                    "Name of the streams group; prefix of its internal topics and transactional ids.")
            .define(BOOTSTRAP_SERVERS, Type.STRING, "localhost:9092", new ConfigDef.NonEmptyString(), HIGH,
                    "Brokers to start from, host:port, separated by commas.")
            .define(STATE_DIR, Type.STRING, "data/streams", new ConfigDef.NonEmptyString(), HIGH,
                    "Folder of the state stores. What is lost there is restored from Kafka.")
            .define(REPLICATION_FACTOR, Type.INT, -1, between(-1, Short.MAX_VALUE), HIGH,
                    "Replicas of each topic that the app makes; -1: the cluster's default.")
            .define(RAW_PARTITIONS, Type.INT, 6, between(1, 10_000), HIGH,
                    "Partitions of chat.raw, chat.users, chat.channels, chat.rejected and chat.refusals when they are made.")
            .define(RAW_RETENTION, Type.LONG, WEEK_MS, atLeast(-1), MEDIUM,
                    "Retention of chat.raw, and of the internal requests, when it is made, in ms; -1: for ever.")
            .define(REJECTED_RETENTION, Type.LONG, WEEK_MS, atLeast(-1), MEDIUM,
                    "Retention of chat.rejected and chat.refusals when they are made, in ms; -1: for ever.")
            .define(CHANNEL_RETENTION, Type.LONG, WEEK_MS, atLeast(-1), MEDIUM,
                    "Retention of a channel's topic when it is made, in ms; -1: for ever. MongoDB keeps the rest.")
            .define(DEDUPLICATION_WINDOW, Type.LONG, Duration.ofHours(1).toMillis(),
                    between(RecordSignature.MAX_AGE_MS + EventRules.MAX_CLOCK_SKEW_MS, Duration.ofDays(7).toMillis()),
                    MEDIUM, "For how long the id of an accepted event is remembered, in ms.")
            .define(SIGNATURES_REQUIRED, Type.BOOLEAN, false, MEDIUM,
                    "Whether user ids that nobody claimed are refused.")
            .define(SIGNATURES_REALM, Type.STRING, "charla", StreamsAppConfig::requireRealm, MEDIUM,
                    "What signatures name this cluster: in one of another realm they are worth nothing.")
            .define(SIGNATURES_VERIFIER, Type.STRING, SignatureVerifier.BOUNCY_CASTLE,
                    (name, value) -> require(name, value, SignatureVerifier::named), LOW,
                    "Who verifies signatures: BouncyCastle, or a security provider of this Java, by its name.")
            .define(OPERATORS, Type.STRING, "", (name, value) -> require(name, value, Operators::parse), MEDIUM,
                    "Operators' keys, <userId>=<key>, separated by commas.")
            .define(FLOOD_PER_MINUTE, Type.INT, 1_200, between(0, 60_000_000), MEDIUM,
                    "Events that a user may send in a minute, in the long run; 0: no limit.")
            .define(FLOOD_TOKENS, Type.INT, 20_000, between(1, 1_000_000), MEDIUM,
                    "Events that a user may send at once before flood.limit.per.minute holds.")
            .define(CHANNELS_MAX, Type.INT, 10_000, between(1, 1_000_000), MEDIUM,
                    "How many channels there may be.")
            .define(CHANNELS_PER_USER, Type.INT, 360, between(1, 1_000_000), MEDIUM,
                    "How many channels a user may make in an hour, in the long run.")
            .define(CHANNELS_PER_USER_BURST, Type.INT, 10, between(1, 1_000_000), MEDIUM,
                    "How many channels a user may make at once; not more than in an hour.")
            .define(CHANNELS_TOGETHER, Type.INT, 720, between(1, 1_000_000), MEDIUM,
                    "How many channels all users together may make in an hour, in the long run.")
            .define(CHANNELS_TOGETHER_BURST, Type.INT, 20, between(1, 1_000_000), MEDIUM,
                    "How many channels all users together may make at once; not more than in an hour.")
            .define(CHANNELS_OWNED, Type.BOOLEAN, true, MEDIUM,
                    "Whether a channel belongs to the author of the first signed message in it.")
            .define(CHANNEL_TIMEOUT, Type.INT, 600, between(100, 60_000), LOW,
                    "How long the making of channels may hold up other messages in a row, in ms; then a fifth of the time.")
            .define(HTTP_LISTEN, Type.STRING, "", StreamsAppConfig::requireAddress, LOW,
                    "HOST:PORT for health and metrics over HTTP; port 0 takes a free one; empty: none.");

    private final AbstractConfig own;
    private final Map<String, Object> kafka;

    private StreamsAppConfig(Map<String, String> own, Map<String, String> kafka) {
        this.own = new AbstractConfig(DEFINITION, own, false);
        this.kafka = withDefaults(kafka);
        new StreamsConfig(this.kafka);
    }

    private StreamsAppConfig(AbstractConfig own, Map<String, Object> kafka) {
        this.own = own;
        this.kafka = kafka;
    }

    /**
     * Reads a file and gives its settings as {@link #of}.
     *
     * @throws ConfigException also if the file can't be read
     */
    public static StreamsAppConfig load(Path file, Map<String, String> environment) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(file + " can't be read: " + e);
        }
        return of(properties, environment);
    }

    /**
     * The settings of a file, overridden from the environment: {@code channels.max} by
     * {@code CHARLA_STREAMS_CHANNELS_MAX}, {@code kafka.num.stream.threads} by
     * {@code CHARLA_STREAMS_KAFKA_NUM_STREAM_THREADS}.
     *
     * @throws ConfigException naming the setting, its value and what is allowed
     */
    public static StreamsAppConfig of(Properties file, Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name).strip()));
        environment.forEach((name, value) -> {
            if (name.startsWith(ENV_PREFIX)) {
                settings.put(name.substring(ENV_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        Map<String, String> own = new TreeMap<>();
        Map<String, String> kafka = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(KAFKA_PREFIX)) {
                kafka.put(name.substring(KAFKA_PREFIX.length()), value);
            } else if (DEFINITION.names().contains(name)) {
                own.put(name, value);
            } else {
                throw new ConfigException("Unknown setting " + name + ": it is none of "
                        + String.join(", ", new TreeSet<>(DEFINITION.names()))
                        + ", and settings of Kafka begin with " + KAFKA_PREFIX);
            }
        });
        return new StreamsAppConfig(own, ClosedKafka.settings(kafka));
    }

    /** The same settings for a cluster that carries only so many channels, whatever {@code channels.max} says. */
    public StreamsAppConfig withAtMostChannels(int most) {
        Map<String, Object> settings = own.originals();
        settings.put(CHANNELS_MAX, String.valueOf(Math.min(most, own.getInt(CHANNELS_MAX))));
        return new StreamsAppConfig(new AbstractConfig(DEFINITION, settings, false), kafka);
    }

    /** The same settings with one operator more. */
    public StreamsAppConfig withOperator(String userId, UserKey key) {
        Map<String, Object> settings = own.originals();
        settings.put(OPERATORS, userId + '=' + key + ',' + own.getString(OPERATORS));
        return new StreamsAppConfig(new AbstractConfig(DEFINITION, settings, false), kafka);
    }

    private Map<String, Object> withDefaults(Map<String, String> given) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "2");
        // The longest that CommitPacer leaves to it.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "500");
        // A commit sends what there is, whatever the linger: it costs no latency.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "50");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), String.valueOf(32 << 10));
        // A batch for each of some thousand channels.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), String.valueOf(64 << 20));
        // A topic that vanished, or a broker that is away, fails a send after this long; the task then starts again
        // from its last commit.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), "20000");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), "10000");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), "10000");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                String.valueOf(TopicCatalogue.MAX_REJECTED_RECORD_BYTES));
        // What is read ahead, however many partitions there are.
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), String.valueOf(8 << 20));
        // No timestamp extractor sees what is read into global stores.
        settings.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                ReadableTimestamps.class.getName());
        // An outage is waited out, however long it takes.
        settings.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, String.valueOf(Duration.ofDays(1).toMillis()));
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class.getName());
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, own.getInt(REPLICATION_FACTOR).toString());
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
        settings.putAll(given);
        fix(settings, StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2,
                "with less, a record that is processed again looks like a duplicate and is lost");
        // KIP-892, as it is in 4.4.0. Closing a task that starts again, it writes what was not committed to the store, without the
        // offset, and then deletes the store; one who is killed between the two keeps it at the next start. And of a store
        // of several segments it takes the newest one's offset for that of all, though each is written to disk by itself.
        fix(settings, StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, "false",
                "with it, a kill leaves ids of events that were not accepted, or none of some that were");
        fix(settings, StreamsConfig.APPLICATION_ID_CONFIG, own.getString(APPLICATION_ID), "set " + APPLICATION_ID);
        fix(settings, StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, own.getString(BOOTSTRAP_SERVERS),
                "set " + BOOTSTRAP_SERVERS);
        fix(settings, StreamsConfig.STATE_DIR_CONFIG, own.getString(STATE_DIR), "set " + STATE_DIR);
        return settings;
    }

    /** Sets what may not be set otherwise. */
    private static void fix(Map<String, Object> settings, String name, String value, String instead) {
        Object given = settings.put(name, value);
        if (given != null && !given.equals(value)) {
            throw new ConfigException(KAFKA_PREFIX + name, given, "it must be " + value + ": " + instead);
        }
    }

    /** All settings of Kafka Streams and its clients. */
    Properties kafkaSettings() {
        Properties settings = new Properties();
        settings.putAll(kafka);
        return settings;
    }

    /** Those of the application that judges what holds in channels: it has little to do. */
    Properties channelsKafkaSettings() {
        Properties settings = kafkaSettings();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, channelsApplicationId());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
        settings.computeIfPresent(StreamsConfig.CLIENT_ID_CONFIG, (name, id) -> id + CHANNELS_SUFFIX);
        return settings;
    }

    /** Whether a channel belongs to the author of the first signed message in it. */
    boolean channelsOwned() {
        return own.getBoolean(CHANNELS_OWNED);
    }

    Duration deduplicationWindow() {
        return Duration.ofMillis(own.getLong(DEDUPLICATION_WINDOW));
    }

    IdentityRules identityRules() {
        return new IdentityRules(
                new RecordVerifier(own.getString(SIGNATURES_REALM), Topics.RAW,
                        SignatureVerifier.named(own.getString(SIGNATURES_VERIFIER))),
                Operators.parse(own.getString(OPERATORS)), own.getBoolean(SIGNATURES_REQUIRED),
                // Signed further ahead, a record would still be fresh when its id is forgotten.
                deduplicationWindow().toMillis() - RecordSignature.MAX_AGE_MS - 1);
    }

    /** Empty where users are not limited. */
    Optional<RateLimit> floodLimit() {
        int perMinute = own.getInt(FLOOD_PER_MINUTE);
        return perMinute == 0 ? Optional.empty()
                : Optional.of(new RateLimit(own.getInt(FLOOD_TOKENS), Duration.ofMinutes(1).dividedBy(perMinute)));
    }

    ChannelLimits channelLimits() {
        return new ChannelLimits(own.getInt(CHANNELS_MAX), hourly(CHANNELS_PER_USER_BURST, CHANNELS_PER_USER),
                hourly(CHANNELS_TOGETHER_BURST, CHANNELS_TOGETHER));
    }

    private RateLimit hourly(String burst, String perHour) {
        return new RateLimit(Math.min(own.getInt(burst), own.getInt(perHour)),
                Duration.ofHours(1).dividedBy(own.getInt(perHour)));
    }

    Duration channelCreationTimeout() {
        return Duration.ofMillis(own.getInt(CHANNEL_TIMEOUT));
    }

    /** The topics as the app makes them. */
    public TopicCatalogue topics() {
        return new TopicCatalogue(own.getString(APPLICATION_ID), own.getInt(RAW_PARTITIONS),
                own.getInt(REPLICATION_FACTOR).shortValue(), own.getLong(RAW_RETENTION),
                own.getLong(REJECTED_RETENTION), own.getLong(CHANNEL_RETENTION));
    }

    /** Empty where health and metrics are not served. */
    Optional<InetSocketAddress> httpListen() {
        String address = own.getString(HTTP_LISTEN);
        int colon = address.lastIndexOf(':');
        return address.isEmpty() ? Optional.empty() : Optional.of(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
    }

    private static void requireRealm(String name, Object value) {
        int length = ((String) value).getBytes(UTF_8).length;
        if (length < 1 || length > MAX_REALM_BYTES) {
            throw new ConfigException(name, value, "it must have 1 to " + MAX_REALM_BYTES + " bytes");
        }
    }

    private static void require(String name, Object value, Consumer<String> reader) {
        try {
            reader.accept((String) value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, e.getMessage());
        }
    }

    private static void requireAddress(String name, Object value) {
        Matcher address = HOST_AND_PORT.matcher((String) value);
        boolean valid = address.matches() && Integer.parseInt(address.group(1)) <= MAX_PORT;
        if (!valid && !((String) value).isEmpty()) {
            throw new ConfigException(name, value, "it must be HOST:PORT");
        }
    }

    String applicationId() {
        return own.getString(APPLICATION_ID);
    }

    String channelsApplicationId() {
        return channelsApplicationId(applicationId());
    }

    /** The name of the channels' application beside that of the other. */
    static String channelsApplicationId(String applicationId) {
        return applicationId + CHANNELS_SUFFIX;
    }

    /** Where the state of an application lies, and no other's. */
    Path stateFolder(String ofApplication) {
        return Path.of(own.getString(STATE_DIR), ofApplication);
    }

    /** @param why what is wrong with it */
    ConfigException wrongStateDir(String why) {
        return new ConfigException(STATE_DIR, own.getString(STATE_DIR), why);
    }

    String bootstrapServers() {
        return own.getString(BOOTSTRAP_SERVERS);
    }
}
