package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTopicRulesTest {

    private static final int PARTITIONS = 6;
    private static final long WEEK_MS = Duration.ofDays(7).toMillis();

    private final OwnTopicRules rules = new OwnTopicRules(
            new TopicCatalogue("charla", PARTITIONS, (short) 1, WEEK_MS, WEEK_MS, WEEK_MS));

    /** What the app is told of a topic whose settings it may not read. */
    private String objection(String topic, Set<AclOperation> allowed) {
        return objection(topic, allowed, null);
    }

    private String objection(String topic, Set<AclOperation> allowed, Config settings) {
        List<Node> node = List.of(new Node(1, "host", 9092));
        List<TopicPartitionInfo> partitions = Collections.nCopies(
                PARTITIONS, new TopicPartitionInfo(0, node.get(0), node, node));
        return rules.objection(new TopicDescription(topic, false, partitions, allowed), settings,
                Map.of("chat.raw", PARTITIONS)).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "chat.raw, WRITE DESCRIBE, 'The streams app may not read chat.raw; allow it READ.'",
        "chat.users, READ DESCRIBE, 'The streams app may not write to chat.users; allow it WRITE.'",
        "chat.rejected, READ DESCRIBE, 'The streams app may not write to chat.rejected; allow it WRITE.'",
        "charla-x-changelog, READ DESCRIBE, 'The streams app may not write to charla-x-changelog; allow it WRITE.'",
        "charla-x-changelog, WRITE DESCRIBE, 'The streams app may not read charla-x-changelog; allow it READ.'",
    })
    void nameThePermissionThatIsMissing(String topic, String allowed, String objection) {
        Set<AclOperation> operations = EnumSet.noneOf(AclOperation.class);
        Arrays.stream(allowed.split(" ")).map(AclOperation::valueOf).forEach(operations::add);
        assertThat(objection(topic, operations)).isEqualTo(objection);
    }

    @ParameterizedTest
    @CsvSource({
        "chat.raw, READ",
        "chat.users, WRITE",
        "chat.rejected, WRITE",
        "charla-x-changelog, ALL",
    })
    void askForNoPermissionThatTheAppDoesNotUse(String topic, AclOperation allowed) {
        assertThat(objection(topic, Set.of(allowed))).isEmpty();
    }

    /** The app would go on, and nothing with it: its stores take what their changelogs take. */
    @ParameterizedTest
    @CsvSource({"max.message.bytes, 1, at least 196608", "message.timestamp.before.max.ms, 1, at least 604800000",
        "cleanup.policy, delete, compact"})
    void nameTheSettingByWhichAChangelogTakesNotEveryRecord(String setting, String value, String needed) {
        Map<String, String> settings = new HashMap<>(Map.of("cleanup.policy", "compact", "min.insync.replicas", "1",
                "max.message.bytes", "1048588", "message.timestamp.type", "CreateTime",
                "message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE),
                "message.timestamp.after.max.ms", "3600000"));
        assertThat(objection("charla-x-changelog", null, config(settings))).isEmpty();
        settings.put(setting, value);
        assertThat(objection("charla-x-changelog", null, config(settings))).isEqualTo("charla-x-changelog has " + setting
                + "=" + value + " and can't take every record; set it to " + needed
                + (setting.contains("timestamp") ? ", the retention of chat.raw." : "."));
    }

    private static Config config(Map<String, String> settings) {
        return new Config(settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue())).toList());
    }

    @Test
    void haveNoObjectionWhereNobodyAsksForPermissions() {
        assertThat(objection("chat.raw", null)).isEmpty();
    }
}
