package org.charla.streams;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has brokers unpack whatever is written to a topic, and refuse what is then larger than the topic allows. Otherwise a
 * batch of some kilobytes gets in that unpacks to gigabytes in the memory of whoever reads it, again at each start. Not
 * thread-safe.
 */
final class UncompressedTopics {

    /** The setting that does it: compressed batches are taken, and kept unpacked. */
    static final String SETTING = TopicConfig.COMPRESSION_TYPE_CONFIG;
    static final String VALUE = "uncompressed";

    private static final Logger log = LoggerFactory.getLogger(UncompressedTopics.class);

    private static final List<AlterConfigOp> CHANGE =
            List.of(new AlterConfigOp(new ConfigEntry(SETTING, VALUE), AlterConfigOp.OpType.SET));
    /** How many topics one request is about. */
    private static final int BATCH = 500;

    private final Admin admin;
    private final Set<String> settled = new HashSet<>();

    UncompressedTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Gives the setting to those topics that have another one. What the cluster does not allow is said once; what it
     * did not answer in time is tried again with the next call.
     *
     * @param topics all that are to have the setting
     */
    void ensure(List<String> topics) {
        settled.retainAll(topics);
        List<ConfigResource> fresh = topics.stream().filter(topic -> !settled.contains(topic))
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
        for (int from = 0; from < fresh.size(); from += BATCH) {
            ensureEach(fresh.subList(from, Math.min(from + BATCH, fresh.size())));
        }
    }

    private void ensureEach(List<ConfigResource> topics) {
        Map<String, List<String>> refused = new TreeMap<>();
        Map<ConfigResource, Config> settings = outcomes(admin.describeConfigs(topics).values(), refused);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        settings.forEach((topic, config) -> {
            if (config.get(SETTING).value().equals(VALUE)) {
                settled.add(topic.name());
            } else {
                changes.put(topic, CHANGE);
            }
        });
        outcomes(admin.incrementalAlterConfigs(changes).values(), refused).keySet().forEach(topic -> {
            settled.add(topic.name());
            log.info("{} has {}={} from now on", topic.name(), SETTING, VALUE);
        });
        refused.forEach((why, names) -> {
            settled.addAll(names);
            log.warn("{} may hold compressed batches that unpack to any size, which can end whoever reads them, and the"
                    + " cluster does not let this app change that ({}): have an administrator set {}={}",
                    names, why, SETTING, VALUE);
        });
    }

    /** What succeeded; what the cluster refuses is added to the others by the reason. */
    private static <T> Map<ConfigResource, T> outcomes(
            Map<ConfigResource, KafkaFuture<T>> futures, Map<String, List<String>> refused) {
        Map<ConfigResource, T> outcomes = new HashMap<>();
        futures.forEach((topic, future) -> {
            try {
                outcomes.put(topic, Answers.await(future));
            } catch (InterruptException e) {
                throw e;
            } catch (RetriableException e) {
                log.debug("no answer about {}", topic.name(), e);
            } catch (KafkaException e) {
                refused.computeIfAbsent(Answers.nameOf(e), why -> new ArrayList<>()).add(topic.name());
            }
        });
        return outcomes;
    }
}
