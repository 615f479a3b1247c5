package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelTopicRulesTest {

    /** More than the headers of a batch and of a record take. */
    private static final int BATCH_OVERHEAD_BYTES = 128;

    private static final long WEEK_MS = Duration.ofDays(7).toMillis();

    private final ChannelTopicRules rules = new ChannelTopicRules(Duration.ofMillis(WEEK_MS));

    /** Kafka's defaults, and what is set instead: names and values. */
    private static Config settings(String... namesAndValues) {
        Map<String, String> settings = new TreeMap<>(Map.of("max.message.bytes", "1048588", "cleanup.policy", "delete",
                "min.insync.replicas", "1", "message.timestamp.type", "CreateTime",
                "message.timestamp.before.max.ms", "9223372036854775807", "message.timestamp.after.max.ms", "3600000"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Config(settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue())).toList());
    }

    private static TopicDescription topic(int partitions, int replicas, Set<AclOperation> allowed) {
        List<Node> nodes = IntStream.range(0, replicas).mapToObj(id -> new Node(id, "host", 9092)).toList();
        List<TopicPartitionInfo> infos = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            infos.add(new TopicPartitionInfo(i, nodes.get(0), nodes, nodes));
        }
        return new TopicDescription("chat.channel.x", false, infos, allowed);
    }

    @Test
    void allowAnOrdinaryTopicAndOneAsTheAppMakesIt() {
        assertThat(rules.objection(topic(1, 1, null), settings())).isEmpty();
        Map<String, String> made = new TopicCatalogue("charla", 6, (short) 1, WEEK_MS, WEEK_MS, WEEK_MS).channel("x").configs();
        assertThat(rules.objection(topic(1, 3, Set.of(AclOperation.WRITE)), settings(made.entrySet().stream()
                .flatMap(setting -> List.of(setting.getKey(), setting.getValue()).stream()).toArray(String[]::new))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "max.message.bytes, 32767",
        "cleanup.policy, compact",
        "cleanup.policy, 'delete,compact'",
        "min.insync.replicas, 4",
        "message.timestamp.before.max.ms, 604799999",
        "message.timestamp.after.max.ms, 3599999",
    })
    void objectToASettingWithItsNameAndValue(String name, String value) {
        assertThat(rules.objection(topic(1, 3, null), settings(name, value))).hasValueSatisfying(objection ->
                assertThat(objection).contains(name + "=" + value).contains("set it to"));
    }

    @Test
    void doNotAskForTimestampsOfATopicThatSetsItsOwn() {
        assertThat(rules.objection(topic(1, 1, null), settings("message.timestamp.type", "LogAppendTime",
                "message.timestamp.before.max.ms", "0", "message.timestamp.after.max.ms", "0"))).isEmpty();
    }

    @Test
    void objectToWhatTheAppMayNotDoAndToMoreThanOnePartition() {
        assertThat(rules.objection(topic(1, 1, Set.of(AclOperation.DESCRIBE)), settings()).orElseThrow())
                .contains("WRITE");
        assertThat(rules.objection(topic(1, 1, null), null).orElseThrow()).contains("DESCRIBE_CONFIGS");
        assertThat(rules.objection(topic(2, 1, null), settings()).orElseThrow()).contains("2 partitions");
    }

    @Test
    void leaveRoomForTheLargestMessageThatIsAccepted() {
        String fourBytes = "\uD83D\uDE00";
        String name = fourBytes.repeat(EventRules.MAX_NAME_LENGTH);
        String messageId = "m".repeat(64);
        // Six bytes in JSON, more than any other code point takes.
        String text = "\u0001".repeat(EventRules.MAX_TEXT_LENGTH);
        ChannelMessage largest = new ChannelMessage(messageId, "c".repeat(64), new Author(name, name),
                text, Long.MIN_VALUE, Long.MIN_VALUE);
        assertThat(largest.id().getBytes(UTF_8).length + Wire.write(largest).length)
                .isBetween(24_000, ChannelTopicRules.LARGEST_RECORD_BYTES - BATCH_OVERHEAD_BYTES);
    }
}
