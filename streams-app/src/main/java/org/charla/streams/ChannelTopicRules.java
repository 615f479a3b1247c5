package org.charla.streams;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a channel's topic must be like, whoever made it. A message that a topic will never take stops the pipeline for
 * everybody, so that it must not be sent there.
 */
final class ChannelTopicRules {

    /** Room for the largest channel record that the rules of {@code chat.raw} permit, as a batch of its own. */
    static final int LARGEST_RECORD_BYTES = 32 * 1024;

    /** How far a broker's clock may be behind the one that set a record's timestamp: what Kafka takes by default. */
    static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private final Duration oldestRecord;

    /** @param oldestRecord how old a raw record may be when it is processed */
    ChannelTopicRules(Duration oldestRecord) {
        this.oldestRecord = oldestRecord;
    }

    /**
     * Judges a topic.
     *
     * @param settings null where they may not be read
     * @return why it is not fit and what to do, in one sentence for a person; empty where it is fit
     */
    Optional<String> objection(TopicDescription topic, Config settings) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        if (allowed != null && !allowed.contains(AclOperation.WRITE)) {
            return Optional.of("The streams app may not write to the channel's topic; allow it WRITE.");
        }
        if (topic.partitions().size() != 1) {
            return Optional.of("The channel's topic has " + topic.partitions().size()
                    + " partitions where a channel has 1; it has to be made anew.");
        }
        return settingsObjection(settings, topic.partitions().get(0).replicas().size());
    }

    /** Judges what a topic with one partition is set to; as {@link #objection}. */
    Optional<String> settingsObjection(Config settings, int replicas) {
        if (settings == null) {
            return Optional.of("The streams app may not read the settings of the channel's topic; allow it "
                    + "DESCRIBE_CONFIGS.");
        }
        long maxBytes = number(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (maxBytes < LARGEST_RECORD_BYTES) {
            return unfit(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBytes, "at least " + LARGEST_RECORD_BYTES);
        }
        String cleanup = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            return unfit(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup, TopicConfig.CLEANUP_POLICY_DELETE);
        }
        long minInSync = number(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        if (minInSync > replicas) {
            return unfit(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSync, "at most " + replicas
                    + ", the number of its replicas");
        }
        return timestampObjection(settings);
    }

    private Optional<String> timestampObjection(Config settings) {
        if (settings.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value().equals("LogAppendTime")) {
            return Optional.empty();
        }
        long before = number(settings, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
        if (before < oldestRecord.toMillis()) {
            return unfit(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, before,
                    "at least " + oldestRecord.toMillis() + ", the retention of chat.raw");
        }
        long after = number(settings, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG);
        if (after < CLOCK_SKEW.toMillis()) {
            return unfit(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, after, "at least " + CLOCK_SKEW.toMillis());
        }
        return Optional.empty();
    }

    private static long number(Config settings, String name) {
        return Long.parseLong(settings.get(name).value());
    }

    private static Optional<String> unfit(String name, Object value, String needed) {
        return Optional.of("The channel's topic has " + name + "=" + value + " and can't take every message; set it to "
                + needed + ".");
    }
}
