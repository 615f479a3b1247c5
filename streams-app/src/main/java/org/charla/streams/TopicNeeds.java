package org.charla.streams;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic must be set to so that it takes, and keeps, whatever this app sends there. A record that a topic will
 * never take stops the pipeline for everybody.
 *
 * @param subject the topic, as a sentence begins with it
 * @param bytes room for the largest record, as a batch of its own
 * @param compacted whether records are to stay for as long as there is none of the same key behind them, instead of for a
 *     time
 * @param oldestRecord how old a record may be when it is sent
 */
record TopicNeeds(String subject, int bytes, boolean compacted, Duration oldestRecord) {

    /** How far a broker's clock may be behind the one that set a record's timestamp: what Kafka takes by default. */
    static final Duration CLOCK_SKEW = Duration.ofHours(1);

    /**
     * Judges what a topic is set to.
     *
     * @return why it is not fit and what to do, in one sentence for a person; empty where it is fit
     */
    Optional<String> objection(Config settings, int replicas) {
        return basicObjection(settings, replicas).or(() -> recordObjection(settings));
    }

    /** Judges only what all records depend on, and not what single ones may be refused for. */
    Optional<String> basicObjection(Config settings, int replicas) {
        return retentionObjection(settings).or(() -> replicasObjection(settings, replicas));
    }

    private Optional<String> retentionObjection(Config settings) {
        String cleanup = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        return cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT) == compacted ? Optional.empty()
                : unfit(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup,
                        compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private Optional<String> replicasObjection(Config settings, int replicas) {
        long minInSync = number(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        return minInSync <= replicas ? Optional.empty() : unfit(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSync,
                "at most " + replicas + ", the number of its replicas");
    }

    private Optional<String> recordObjection(Config settings) {
        long maxBytes = number(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (maxBytes < bytes) {
            return unfit(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBytes, "at least " + bytes);
        }
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

    private Optional<String> unfit(String name, Object value, String needed) {
        return Optional.of(subject + " has " + name + "=" + value + " and can't take every record; set it to "
                + needed + ".");
    }
}
