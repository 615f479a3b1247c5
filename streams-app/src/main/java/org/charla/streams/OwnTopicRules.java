package org.charla.streams;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.charla.protocol.Topics;

/**
 * What the topics must be like that the app can't do without, whoever made them: it reads {@code chat.raw}, and writes
 * users, what holds in channels, rejections, changelogs, and what its one half asks the other. A single record that is not taken can be refused instead ({@link Suspects}), but for
 * one that is refused already.
 */
final class OwnTopicRules {

    /** Room for all that can hold in a channel, with the longest names. */
    static final int LEAST_CHANNELS_BYTES = 512 * 1024;

    private final TopicCatalogue catalogue;

    OwnTopicRules(TopicCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Whether a topic is one of these. */
    boolean concern(String topic) {
        return topic.equals(Topics.RAW) || topic.equals(Topics.USERS) || topic.equals(Topics.CHANNELS)
                || topic.equals(Topics.REJECTED) || topic.equals(Topics.REFUSALS) || catalogue.isInternal(topic);
    }

    /**
     * Judges one of these topics.
     *
     * @param settings null where they may not be read: then they are believed to be right
     * @param partitions how many each of these topics has that is there
     * @return why it is not fit and what to do, in one sentence for a person; empty where it is fit
     */
    Optional<String> objection(TopicDescription topic, Config settings, Map<String, Integer> partitions) {
        Optional<String> forbidden = forbidden(topic);
        if (forbidden.isPresent()) {
            return forbidden;
        }
        if (catalogue.isChangelog(topic.name())) {
            String source = catalogue.sourceOfChangelog(topic.name());
            int needed = partitions.getOrDefault(source, topic.partitions().size());
            if (topic.partitions().size() != needed) {
                return Optional.of(topic.name() + " has " + topic.partitions().size() + " partitions where " + source
                        + " has " + needed + ", and what it remembers lies by partition; reset the app.");
            }
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
            case Topics.CHANNELS -> forgets(topic, settings)
                    .or(() -> needs(topic, LEAST_CHANNELS_BYTES, true).objection(settings, replicas));
            // What a changelog doesn't take is in no store: nothing goes on.
            default -> needs(topic, catalogue.isChangelog(topic.name())).objection(settings, replicas);
        };
    }

    /** It is all that messages are judged by, so none of it may go with its age. */
    private static Optional<String> forgets(TopicDescription topic, Config settings) {
        String cleanup = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        return cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT) ? Optional.empty()
                : Optional.of(topic.name() + " has " + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + cleanup
                        + " and loses what was ruled in channels; set it to compact.");
    }

    static boolean isCompacted(Config settings) {
        return settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private TopicNeeds needs(TopicDescription topic, boolean compacted) {
        return needs(topic, RejectionWriter.LEAST_TOPIC_BYTES, compacted);
    }

    private TopicNeeds needs(TopicDescription topic, int bytes, boolean compacted) {
        return new TopicNeeds(topic.name(), bytes, compacted, catalogue.rawRetention());
    }

    private Optional<String> forbidden(TopicDescription topic) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        boolean isWritten = !topic.name().equals(Topics.RAW);
        boolean isRead = !isWritten || topic.name().equals(Topics.CHANNELS) || catalogue.isInternal(topic.name());
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
