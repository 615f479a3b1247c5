package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamsAppConfigTest {

    @Test
    void hasDefaultsForAll() {
        StreamsAppConfig config = config(Map.of(), Map.of());
        assertThat(config.deduplicationWindow()).isEqualTo(Duration.ofHours(1));
        assertThat(config.floodLimit()).contains(new RateLimit(20_000, Duration.ofMillis(50)));
        assertThat(config.identityRules().required()).isFalse();
        assertThat(config.identityRules().operators().keys()).isEmpty();
        assertThat(config.bootstrapServers()).isEqualTo("localhost:9092");
        assertThat(config.kafkaSettings()).containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("group.protocol", "streams");
    }

    @Test
    void acceptsTheFileThatIsShipped() {
        assertThat(StreamsAppConfig.load(Path.of("../config/streams.properties"), Map.of()).kafkaSettings())
                .containsEntry("state.dir", "data/streams");
    }

    @Test
    void namesAFileThatCantBeRead() {
        assertThatThrownBy(() -> StreamsAppConfig.load(Path.of("missing.properties"), Map.of()))
                .isInstanceOf(ConfigException.class).hasMessageContaining("missing.properties");
    }

    @Test
    void isOverriddenFromTheEnvironment() {
        StreamsAppConfig config = config(Map.of("channels.max", "5", "kafka.num.stream.threads", "1"),
                Map.of("CHARLA_STREAMS_CHANNELS_MAX", "7", "CHARLA_STREAMS_KAFKA_NUM_STREAM_THREADS", "4",
                        "CHARLA_USER", "alice"));
        assertThat(config.channelLimits().max()).isEqualTo(7);
        assertThat(config.kafkaSettings()).containsEntry("num.stream.threads", "4");
    }

    @Test
    void allowsNoMoreChannelsThanAClusterCarriesAndNoMoreThanConfigured() {
        StreamsAppConfig config = config(Map.of("channels.max", "50", "raw.partitions", "3"), Map.of());
        assertThat(config.withAtMostChannels(7).channelLimits().max()).isEqualTo(7);
        assertThat(config.withAtMostChannels(70).channelLimits().max()).isEqualTo(50);
        assertThat(config.withAtMostChannels(7).topics().partitions()).isEqualTo(3);
    }

    @Test
    void allowsABurstOfChannelsOfNoMoreThanAnHours() {
        ChannelLimits limits = config(Map.of("channels.per.user.per.hour", "2"), Map.of()).channelLimits();
        assertThat(limits.perUser().tokens()).isEqualTo(2);
        assertThat(limits.together().tokens()).isEqualTo(20);
    }

    @Test
    void passesKafkasOwnSettingsThrough() {
        assertThat(config(Map.of("kafka.security.protocol", "SSL"), Map.of()).kafkaSettings())
                .containsEntry("security.protocol", "SSL");
    }

    @ParameterizedTest
    @CsvSource({
        "raw.partitions, 0, at least 1",
        "raw.partitions, six, Not a number of type INT",
        "channels.max, -1, at least 1",
        "deduplication.window.ms, 2099999, at least 2100000",
        "signatures.required, perhaps, either true or false",
        "signatures.realm, '', 1 to 255 bytes",
        "signatures.verifier, SUN, No security provider SUN verifies Ed25519; there are BouncyCastle",
        "operators, alice, it must be <userId>=<key>",
        "operators, alice=ed25519:short, is no key",
        "operators, alice=MVJP6q2rKFvyC17vwIwQpdNw7VwEKEYO6Ed8zgqjKIU, begins with ed25519:",
        "operators, al\u200Bice=ed25519:MVJP6q2rKFvyC17vwIwQpdNw7VwEKEYO6Ed8zgqjKIU, is no user id",
        "operators, alice=ed25519:MVJP6q2rKFvyC17vwIwQpdNw7VwEKEYO6Ed8zgqjKIU;bob, must be <userId>=<key>",
        "flood.limit.burst, 0, at least 1",
        "topics.replication.factor, -2, at least -1",
        "http.listen, 8081, it must be HOST:PORT",
        "http.listen, localhost:99999, it must be HOST:PORT",
        "kafka.num.stream.threads, two, Not a number of type INT",
        "kafka.enable.transactional.statestores, true, it must be false",
        "kafka.processing.guarantee, at_least_once, it must be exactly_once_v2",
    })
    void refusesABadValueWithItsNameAndValueAndWhatIsAllowed(String name, String value, String allowed) {
        assertThatThrownBy(() -> config(Map.of(name, value), Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining(name.replaceFirst("^kafka[.]", "")).hasMessageContaining(value)
                .hasMessageContainingAll(allowed.split(" "));
    }

    @Test
    void readsOperatorsOfSeveralKeysAndAnyUserId() {
        String first = SigningKey.generate().publicKey().toString();
        String second = SigningKey.generate().publicKey().toString();
        Operators operators = Operators.parse(
                "alice=" + first + ", a,b=c=" + first + " ,alice=" + second + ",");
        assertThat(operators.keysOf("alice")).extracting(UserKey::toString).containsExactly(first, second);
        assertThat(operators.keysOf("a,b=c")).extracting(UserKey::toString).containsExactly(first);
        assertThat(operators.keysOf("bob")).isEmpty();
    }

    @Test
    void takesAnOperatorBesidesThoseThatAreConfigured() {
        UserKey first = SigningKey.generate().publicKey();
        UserKey second = SigningKey.generate().publicKey();
        StreamsAppConfig config = config(Map.of("operators", "root=" + first, "raw.partitions", "3"), Map.of());
        assertThat(config.withOperator("ada", second).identityRules().operators().keys()).containsExactly(second, first);
        assertThat(config(Map.of(), Map.of()).withOperator("ada", second).identityRules().operators().keysOf("ada"))
                .containsExactly(second);
        assertThat(config.withOperator("ada", second).topics().partitions()).isEqualTo(3);
    }

    @Test
    void refusesASettingThatItDoesNotKnow() {
        assertThatThrownBy(() -> config(Map.of("chanels.max", "5"), Map.of()))
                .isInstanceOf(ConfigException.class).hasMessageContaining("chanels.max");
    }

    private static StreamsAppConfig config(Map<String, String> file, Map<String, String> environment) {
        Properties properties = new Properties();
        properties.putAll(file);
        return StreamsAppConfig.of(properties, environment);
    }
}
