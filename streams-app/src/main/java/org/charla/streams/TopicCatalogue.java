package org.charla.streams;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.charla.protocol.Topics;

/**
 * The topics as this app makes them where they are missing. Those that are there are left as they are, but for
 * {@link UncompressedTopics}.
 *
 * @param applicationId with which the names of the app's changelogs begin
 * @param partitions of all topics that are keyed by user
 * @param replicationFactor -1: the cluster's default
 */
public record TopicCatalogue(String applicationId, int partitions, short replicationFactor,
        long rawRetentionMs, long rejectedRetentionMs, long channelRetentionMs) {

    /** Room for the largest key and value that {@link RejectionWriter} carries over, and their headers. */
    static final int MAX_REJECTED_RECORD_BYTES = 2 * RejectionWriter.MAX_BYTES + 64 * 1024;

    private static final Set<String> NAMED =
            Set.of(Topics.RAW, Topics.USERS, Topics.CHANNELS, Topics.REJECTED, Topics.REFUSALS, Topics.SINK_DEAD_LETTERS);
    /** Kafka's own default, whatever a cluster's is. */
    private static final int DEFAULT_BATCH_BYTES = 1024 * 1024 + 12;

    /**
     * A broker makes a segment's index files that large when it begins the segment, which is most of what a channel's
     * first message costs it. Enough for segments of 40 MB.
     */
    private static final int CHANNEL_INDEX_BYTES = 128 * 1024;

    /** The topics that are there whatever is said in them, with what {@link OwnTopicRules} ask for. */
    public List<NewTopic> core() {
        return List.of(
                // Deduplication and limits count by the record's timestamp: the broker's clock, not the client's.
                topic(Topics.RAW, partitions, Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
                        TopicConfig.RETENTION_MS_CONFIG, String.valueOf(rawRetentionMs))),
                newest(Topics.USERS),
                newest(Topics.CHANNELS),
                passing(Topics.REJECTED, rejectedRetentionMs, MAX_REJECTED_RECORD_BYTES),
                passing(Topics.REFUSALS, rejectedRetentionMs, DEFAULT_BATCH_BYTES),
                passing(channelRequests(), rawRetentionMs, DEFAULT_BATCH_BYTES));
    }

    /** Keeps the newest of each key. */
    private NewTopic newest(String name) {
        return topic(name, partitions, Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(DEFAULT_BATCH_BYTES),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE)));
    }

    /** Keeps all for a time. */
    private NewTopic passing(String name, long retentionMs, int maxBytes) {
        return topic(name, partitions, Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retentionMs),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxBytes)));
    }

    /** One partition: the order of the channel is the order of its topic. */
    public NewTopic channel(String channel) {
        return topic(Topics.ofChannel(channel), 1, Map.of(
                TopicConfig.RETENTION_MS_CONFIG, String.valueOf(channelRetentionMs),
                // What a cluster may have other defaults for, and a channel can't live with: see ChannelTopicRules.
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(DEFAULT_BATCH_BYTES),
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
                TopicConfig.SEGMENT_INDEX_BYTES_CONFIG, String.valueOf(CHANNEL_INDEX_BYTES)));
    }

    /** How old a raw record may become, as far as this app decides it. */
    Duration rawRetention() {
        return Duration.ofMillis(rawRetentionMs < 0 ? Long.MAX_VALUE : rawRetentionMs);
    }

    /** The topic by which the two applications of the app meet. */
    String channelRequests() {
        return applicationId + "-channel-requests";
    }

    /** Whether it is a topic of Charla's, made by this app or by another part. */
    boolean isOurs(String topic) {
        return NAMED.contains(topic) || Topics.channelOf(topic).isPresent() || isInternal(topic);
    }

    /** Whether it is a changelog of this app's. */
    boolean isChangelog(String topic) {
        return topic.startsWith(applicationId + '-') && topic.endsWith("-changelog");
    }

    /** The topic by whose partitions what stands in this changelog is remembered. */
    String sourceOfChangelog(String changelog) {
        return changelog.startsWith(StreamsAppConfig.channelsApplicationId(applicationId) + '-')
                ? channelRequests() : Topics.RAW;
    }

    /** Whether nobody but this app has to do with it. */
    boolean isInternal(String topic) {
        return isChangelog(topic) || topic.equals(channelRequests());
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(UncompressedTopics.SETTING, UncompressedTopics.VALUE);
        return new NewTopic(name, partitions, replicationFactor).configs(all);
    }
}
