package org.charla.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics in the cluster: makes those that are missing, and reads every {@value #REFRESH_MS} ms what there is. Safe
 * for use by several threads; several instances may work on one cluster.
 */
final class ClusterTopics implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterTopics.class);

    private static final long REFRESH_MS = 2_000;

    /** How old what is known of the own topics' settings may be: to list them is most of what a refresh costs. */
    private static final long JUDGE_MS = 15_000;

    /** How long one call may take. */
    private static final int TIMEOUT_MS = 5_000;

    private final Admin admin;
    /** Of its own: a broker answers a client's requests in turn, and the making of a topic may take it long. */
    private final Admin maker;
    private final UncompressedTopics uncompressed;
    private final TopicCatalogue catalogue;
    private final ClusterChannels channels;
    private final OwnTopicRules rules;
    private volatile int rawPartitions;
    /** Why the app can't work with its own topics as they are, as far as is known. */
    private volatile Optional<String> objection = Optional.empty();
    /** When that is to be found out anew, by {@link System#nanoTime}; guarded by this. */
    private long judgeAt = System.nanoTime();
    /** All topics, as of the last refresh. */
    private volatile Set<String> names = Set.of();
    /** When the cluster last answered, by {@link System#nanoTime}. */
    private volatile long answeredAt;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "charla-topics");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param clientSettings of the admin client, {@code bootstrap.servers} among them
     * @param together how fast channels may be made
     * @param wait how long the making of channels may hold up a stream thread in a row
     */
    ClusterTopics(Map<String, Object> clientSettings, TopicCatalogue catalogue, RateLimit together, Duration wait) {
        this.catalogue = catalogue;
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        this.admin = Admin.create(settings);
        this.rules = new OwnTopicRules(catalogue);
        this.uncompressed = new UncompressedTopics(admin);
        this.maker = Admin.create(settings);
        this.channels = new ClusterChannels(admin, maker, catalogue, together, wait);
    }

    /**
     * Makes the missing ones of the topics that are always there, learns the channels, and keeps at both from then on.
     *
     * @throws TimeoutException if the cluster does not answer in time
     * @throws InvalidConfigurationException if the app can't work with its topics as they are; the message is for a person
     * @throws KafkaException if it refuses
     */
    void start() {
        refresh();
        if (objection.isPresent()) {
            throw new InvalidConfigurationException(objection.get());
        }
        warnOfOtherSettings();
        refresher.scheduleWithFixedDelay(this::refreshOrLog, REFRESH_MS, REFRESH_MS, TimeUnit.MILLISECONDS);
    }

    /** The channels among the topics. */
    Channels channels() {
        return channels;
    }

    /**
     * Reads anew which channels there are, and makes those topics again that must not be missing.
     *
     * @throws TimeoutException if the cluster does not answer in time
     */
    synchronized void refresh() {
        long listedAt = System.nanoTime();
        Set<String> names = Answers.await(admin.listTopics().names());
        this.names = names;
        answeredAt = System.nanoTime();
        createMissingCore(names);
        rawPartitions = partitionsOfRaw();
        if (System.nanoTime() - judgeAt >= 0) {
            // Those that were just made too: by their partitions others are judged.
            judgeOwn(Stream.concat(names.stream(), catalogue.core().stream().map(NewTopic::name)).distinct()
                    .filter(rules::concern).toList());
            judgeAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JUDGE_MS);
        }
        uncompressed.ensure(names.stream().filter(catalogue::isOurs).toList());
        channels.refresh(names.stream().flatMap(name -> Topics.channelOf(name).stream()).collect(Collectors.toSet()),
                listedAt);
    }

    private void judgeOwn(List<String> own) {
        Map<String, KafkaFuture<TopicDescription>> topics = admin.describeTopics(
                own, new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues();
        Map<ConfigResource, KafkaFuture<Config>> settings = admin.describeConfigs(
                own.stream().map(ClusterTopics::resource).toList()).values();
        List<TopicDescription> descriptions = new ArrayList<>();
        for (String topic : own) {
            try {
                descriptions.add(Answers.await(topics.get(topic)));
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("{} was deleted since the topics were listed", topic, e);
            }
        }
        Map<String, Integer> partitions = descriptions.stream()
                .collect(Collectors.toMap(TopicDescription::name, topic -> topic.partitions().size()));
        Optional<String> found = Optional.empty();
        for (TopicDescription topic : descriptions) {
            try {
                found = found.or(() -> rules.objection(
                        topic, settingsOrNull(settings.get(resource(topic.name()))), partitions));
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("{} was deleted since the topics were listed", topic.name(), e);
            }
        }
        if (found.isPresent() && !found.equals(objection)) {
            log.error("The pipeline can't work: {}", found.get());
        } else if (found.isEmpty() && objection.isPresent()) {
            log.info("the topics are as the pipeline needs them again");
        }
        objection = found;
    }

    private static Config settingsOrNull(KafkaFuture<Config> settings) {
        try {
            return Answers.await(settings);
        } catch (AuthorizationException e) {
            return null;
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Why the app can't work with its own topics as they are, and what to do; answers from memory. */
    Optional<String> objection() {
        return objection;
    }

    /** Like {@link #objection}, but asks the cluster; where that does not answer, it is what was known before. */
    synchronized Optional<String> objectionNow() {
        judgeAt = System.nanoTime();
        refreshOrLog();
        return objection;
    }

    /** The names of all topics, as of the last refresh. */
    Set<String> names() {
        return names;
    }

    /** The client that this asks the cluster with; it is closed with this. */
    Admin admin() {
        return admin;
    }

    /** Whether the cluster answered lately. */
    boolean isReachable() {
        return System.nanoTime() - answeredAt < TimeUnit.MILLISECONDS.toNanos(2 * REFRESH_MS + TIMEOUT_MS);
    }

    private void refreshOrLog() {
        try {
            refresh();
        } catch (InterruptException e) {
            log.debug("closing", e);
        } catch (KafkaException e) {
            log.warn("the topics could not be read: {}", e.toString());
        }
    }

    private void createMissingCore(Set<String> existing) {
        List<NewTopic> missing = catalogue.core().stream().filter(topic -> !existing.contains(topic.name())).toList();
        if (missing.isEmpty()) {
            return;
        }
        if (existing.contains(Topics.RAW)) {
            int partitions = partitionsOfRaw();
            missing = missing.stream()
                    .map(topic -> new NewTopic(topic.name(), partitions, topic.replicationFactor())
                            .configs(topic.configs()))
                    .toList();
        }
        create(missing);
        awaitLeaders(missing.stream().map(NewTopic::name).toList());
        log.info("made {}", missing.stream().map(NewTopic::name).toList());
    }

    /** Brokers learn of topics after the controller has made them, and Kafka Streams asks once for that of a global store. */
    private void awaitLeaders(List<String> topics) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!haveLeaders(topics)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("The brokers don't know yet that there are " + topics + ".");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean haveLeaders(List<String> topics) {
        try {
            return admin.describeTopics(topics).topicNameValues().values().stream().map(Answers::await)
                    .flatMap(topic -> topic.partitions().stream()).allMatch(partition -> partition.leader() != null);
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        }
    }

    private int partitionsOfRaw() {
        return Answers.await(admin.describeTopics(List.of(Topics.RAW)).topicNameValues().get(Topics.RAW)).partitions().size();
    }

    /** How many partitions {@code chat.raw} has; answers from memory. */
    int rawPartitions() {
        return rawPartitions;
    }

    /** Of what an administrator may have reasons for, and the app can work with. */
    private void warnOfOtherSettings() {
        Map<ConfigResource, Config> settings = Answers.await(
                admin.describeConfigs(List.of(resource(Topics.RAW), resource(Topics.USERS))).all());
        String type = settings.get(resource(Topics.RAW)).get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value();
        if (!type.equals("LogAppendTime")) {
            log.warn("{} has {}={}: clients choose the time by which duplicates and limits are counted; "
                    + "set it to LogAppendTime", Topics.RAW, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, type);
        }
        Config users = settings.get(resource(Topics.USERS));
        if (!OwnTopicRules.isCompacted(users)) {
            log.warn("{} has {}={}: who reads it from its start misses the users that were removed with their age; "
                    + "set it to compact", Topics.USERS, TopicConfig.CLEANUP_POLICY_CONFIG,
                    users.get(TopicConfig.CLEANUP_POLICY_CONFIG).value());
        }
    }

    /** Creates the topics; one that somebody else made meanwhile is as good. */
    private void create(Collection<NewTopic> topics) {
        for (KafkaFuture<Void> created : admin.createTopics(topics, new CreateTopicsOptions().timeoutMs(TIMEOUT_MS))
                .values().values()) {
            try {
                Answers.await(created);
            } catch (TopicExistsException e) {
                log.debug("made by another", e);
            }
        }
    }

    @Override
    public void close() {
        refresher.shutdownNow();
        admin.close(Duration.ofMillis(TIMEOUT_MS));
        maker.close(Duration.ofMillis(TIMEOUT_MS));
    }
}
