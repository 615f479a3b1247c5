package org.charla.streams;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What a channel's topic must be like, whoever made it. A message that a topic will never take stops the pipeline for
 * everybody, so that it must not be sent there.
 */
final class ChannelTopicRules {

    /** Room for the largest channel record that the rules of {@code chat.raw} permit, as a batch of its own. */
    static final int LARGEST_RECORD_BYTES = 32 * 1024;

    private final TopicNeeds needs;

    /** @param oldestRecord how old a raw record may be when it is processed */
    ChannelTopicRules(Duration oldestRecord) {
        this.needs = new TopicNeeds("The channel's topic", LARGEST_RECORD_BYTES, false, oldestRecord);
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
        return needs.objection(settings, replicas);
    }
}
