package org.charla.connect.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sink which topic each record comes from ({@link TopicId}), since a consumer goes on in a topic that was made
 * anew as if it were the former one. It asks Kafka, with the consumer's settings, only where the consumer has looked at the
 * cluster's metadata since: a consumer fetches by a topic's id, and learns another one in no other way. So what comes before
 * that is of the topic that was known, and who idles asks nothing.
 *
 * <p>Where Kafka does not answer within some seconds, the records go on without an id, and the sink reads them again.
 */
public final class TopicIds implements ConsumerInterceptor<Object, Object>, ClusterResourceListener {

    private static final Logger log = LoggerFactory.getLogger(TopicIds.class);

    /** A worker that is told to end waits for as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** How long it takes at least that Kafka does not tell, since it is asked again at once. */
    private static final long PAUSE_MS = 200;

    private static final Header UNKNOWN = new RecordHeader(TopicId.HEADER, new byte[0]);

    private final Function<Map<String, Object>, Admin> admins;
    private final AtomicLong updates = new AtomicLong();
    private final Map<String, Known> known = new HashMap<>();
    private Map<String, ?> settings = Map.of();
    private volatile String cluster = "";
    /** Made when it is needed first. */
    private Admin admin;
    private boolean silent;

    /** @param upTo with which update of the metadata it was still so */
    private record Known(TopicId topic, Header header, long upTo) {
    }

    public TopicIds() {
        this(Admin::create);
    }

    /** @param admins makes one of its settings */
    TopicIds(Function<Map<String, Object>, Admin> admins) {
        this.admins = admins;
    }

    @Override
    public void configure(Map<String, ?> consumerSettings) {
        settings = consumerSettings;
    }

    @Override
    public void onUpdate(ClusterResource resource) {
        cluster = resource.clusterId() == null ? "" : resource.clusterId();
        updates.incrementAndGet();
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        long now = updates.get();
        Set<String> topics = records.partitions().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        if (!topics.stream().allMatch(topic -> isKnown(topic, now))) {
            learn(topics, now);
        }
        for (TopicPartition partition : records.partitions()) {
            Header header = isKnown(partition.topic(), now) ? known.get(partition.topic()).header() : UNKNOWN;
            for (ConsumerRecord<Object, Object> record : records.records(partition)) {
                record.headers().add(header);
            }
        }
        return records;
    }

    private boolean isKnown(String topic, long now) {
        return known.containsKey(topic) && known.get(topic).upTo() == now;
    }

    /** Of all topics at once: of the others records come as well, soon. */
    private void learn(Set<String> needed, long now) {
        try {
            String reason = ask(needed, now);
            if (reason != null && !silent) {
                log.warn("Kafka does not tell the ids of topics; what comes from them is read again until it does: {}",
                        reason);
            }
            silent = reason != null;
            if (silent) {
                Thread.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why not all is told; null where it is. */
    private String ask(Set<String> needed, long now) throws InterruptedException {
        String reason = null;
        try {
            Set<String> all = new HashSet<>(needed);
            all.addAll(known.keySet());
            Map<String, KafkaFuture<TopicDescription>> answers = admin().describeTopics(all).topicNameValues();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
                try {
                    learn(answer.getKey(), answer.getValue()
                            .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS).topicId().toString(), now);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                        isGone(answer.getKey(), needed.contains(answer.getKey()), now);
                    } else {
                        reason = String.valueOf(e.getCause());
                    }
                }
            }
        } catch (TimeoutException e) {
            reason = "it does not answer";
        } catch (KafkaException e) {
            reason = e.toString();
        }
        return reason;
    }

    private void learn(String topic, String id, long now) {
        TopicId found = new TopicId(id, cluster);
        Known before = known.get(topic);
        known.put(topic, new Known(found, before != null && before.topic().equals(found) ? before.header()
                : new RecordHeader(TopicId.HEADER, found.toHeader()), now));
    }

    /** What has come is of the one that was known: one that is made from now on, the consumer has not seen. */
    private void isGone(String topic, boolean isNeeded, long now) {
        known.computeIfPresent(topic, (name, last) -> isNeeded ? new Known(last.topic(), last.header(), now) : null);
    }

    private Admin admin() {
        if (admin == null) {
            Set<String> foreign = new HashSet<>(ConsumerConfig.configNames());
            foreign.removeAll(AdminClientConfig.configNames());
            Map<String, Object> all = new HashMap<>(settings);
            all.keySet().removeAll(foreign);
            all.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.get(CommonClientConfigs.CLIENT_ID_CONFIG) + "-topics");
            all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
            all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
            admin = admins.apply(all);
        }
        return admin;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
