package org.charla.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.charla.protocol.Topics;

/**
 * What the topics must be like that the app can't do without, whoever made them: it reads {@code chat.raw}, and writes
 * users, rejections and changelogs. A single record that is not taken can be refused instead ({@link Suspects}), but for
 * one that is refused already.
 */
final class OwnTopicRules {

    private final TopicCatalogue catalogue;

    OwnTopicRules(TopicCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Whether a topic is one of these. */
    boolean concern(String topic) {
        return topic.equals(Topics.RAW) || topic.equals(Topics.USERS) || topic.equals(Topics.REJECTED)
                || topic.equals(Topics.REFUSALS) || catalogue.isChangelog(topic);
    }

    /**
     * Judges one of these topics.
     *
     * @param settings null where they may not be read: then they are believed to be right
     * @param rawPartitions how many {@code chat.raw} has
     * @return why it is not fit and what to do, in one sentence for a person; empty where it is fit
     */
    Optional<String> objection(TopicDescription topic, Config settings, int rawPartitions) {
        Optional<String> forbidden = forbidden(topic);
        if (forbidden.isPresent()) {
            return forbidden;
        }
        if (catalogue.isChangelog(topic.name()) && topic.partitions().size() != rawPartitions) {
            return Optional.of(topic.name() + " has " + topic.partitions().size() + " partitions where " + Topics.RAW
                    + " has " + rawPartitions + ", and what it remembers lies by partition; reset the app.");
        }
        if (settings == null) {
            return Optional.empty();
        }
        int replicas = topic.partitions().get(0).replicas().size();
        return switch (topic.name()) {
            case Topics.RAW -> isCompacted(settings)
                    ? Optional.of(topic.name() + " has " + TopicConfig.CLEANUP_POLICY_CONFIG
                            + "=compact and loses events before they are processed; set it to delete.")
                    : Optional.empty();
            case Topics.REJECTED, Topics.REFUSALS -> needs(topic, false).objection(settings, replicas);
            // Users that are removed after a time are in the changelog, and in MongoDB, all the same.
            case Topics.USERS -> needs(topic, isCompacted(settings)).basicObjection(settings, replicas);
            default -> needs(topic, true).basicObjection(settings, replicas);
        };
    }

    static boolean isCompacted(Config settings) {
        return settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private TopicNeeds needs(TopicDescription topic, boolean compacted) {
        return new TopicNeeds(
                topic.name(), RejectionWriter.LEAST_TOPIC_BYTES, compacted, catalogue.rawRetention());
    }

    private Optional<String> forbidden(TopicDescription topic) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        boolean isWritten = !topic.name().equals(Topics.RAW);
        boolean isRead = !isWritten || catalogue.isChangelog(topic.name());
        if (allowed == null || allowed.contains(AclOperation.ALL)) {
            return Optional.empty();
        }
        if (isWritten && !allowed.contains(AclOperation.WRITE)) {
            return Optional.of("The streams app may not write to " + topic.name() + "; allow it WRITE.");
        }
        if (isRead && !allowed.contains(AclOperation.READ)) {
            return Optional.of("The streams app may not read " + topic.name() + "; allow it READ.");
        }
        return Optional.empty();
    }
}
