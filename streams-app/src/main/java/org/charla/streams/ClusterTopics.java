package org.charla.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics in the cluster: makes those that are missing, and knows the channels' from memory, refreshed every
 * {@value #REFRESH_MS} ms. Safe for use by several threads; several instances may work on one cluster.
 */
final class ClusterTopics implements Channels, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterTopics.class);

    private static final long REFRESH_MS = 2_000;

    private final Admin admin;
    private final UncompressedTopics uncompressed;
    private final TopicCatalogue catalogue;
    private final int timeoutMs;
    private final ConcurrentMap<String, Channel> known = new ConcurrentHashMap<>();
    private volatile int rawPartitions;
    /** All topics, as of the last refresh. */
    private volatile Set<String> names = Set.of();
    /** When the cluster last answered, by {@link System#nanoTime}. */
    private volatile long answeredAt;
    /** Until then, by {@link System#nanoTime}, no channel is made: the cluster did not answer the last attempt. */
    private volatile long pausedUntil = System.nanoTime();
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "charla-topics");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param clientSettings of the admin client, {@code bootstrap.servers} among them
     * @param timeout how long one call may take
     */
    ClusterTopics(Map<String, Object> clientSettings, TopicCatalogue catalogue, Duration timeout) {
        this.catalogue = catalogue;
        this.timeoutMs = Math.toIntExact(timeout.toMillis());
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        this.admin = Admin.create(settings);
        this.uncompressed = new UncompressedTopics(admin);
    }

    /**
     * Makes the missing ones of the topics that are always there, learns the channels, and keeps at both from then on.
     *
     * @throws TimeoutException if the cluster does not answer in time
     * @throws KafkaException if it refuses
     */
    void start() {
        refresh();
        warnOfClientTimestamps();
        refresher.scheduleWithFixedDelay(this::refreshOrLog, REFRESH_MS, REFRESH_MS, TimeUnit.MILLISECONDS);
    }

    /** A channel whose topic is there, and whether a message went to it since the last refresh. */
    private static final class Channel {
        private volatile boolean used;
    }

    @Override
    public boolean exists(String channel) {
        Channel found = known.get(channel);
        if (found == null) {
            return false;
        }
        found.used = true;
        // Asked again, so that either this sees a removal or the removal sees this use.
        return known.get(channel) == found;
    }

    @Override
    public int count() {
        return known.size();
    }

    @Override
    public Optional<String> open(String channel, Supplier<Optional<String>> objection) {
        Optional<TopicDescription> found = find(channel);
        if (found.isPresent()) {
            return admit(channel, found.get());
        }
        if (System.nanoTime() - pausedUntil < 0) {
            return Optional.of("The cluster makes no channels at the moment; try again in a while.");
        }
        Optional<String> refused = objection.get();
        if (refused.isPresent()) {
            return refused;
        }
        try {
            create(List.of(catalogue.channel(channel)));
            known.put(channel, new Channel());
            log.info("made channel {}", channel);
            return Optional.empty();
        } catch (RetriableException e) {
            // Not again for each message: while the cluster hesitates, other channels would wait for every new one.
            pausedUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2L * timeoutMs);
            log.warn("channel {} could not be made in {} ms; none is made for {} ms", channel, timeoutMs,
                    2L * timeoutMs, e);
            return Optional.of("The cluster could not make the channel in time; try again in a while.");
        } catch (KafkaException e) {
            log.warn("channel {} was refused by the cluster", channel, e);
            return Optional.of("The cluster refuses to make the channel (" + nameOf(e) + ").");
        }
    }

    /**
     * Reads anew which channels there are, and makes those topics again that must not be missing.
     *
     * @throws TimeoutException if the cluster does not answer in time
     */
    void refresh() {
        Set<String> names = await(admin.listTopics().names());
        this.names = names;
        answeredAt = System.nanoTime();
        createMissingCore(names);
        rawPartitions = partitionsOfRaw();
        uncompressed.ensure(names.stream().filter(catalogue::isOurs).toList());
        Set<String> channels = names.stream().flatMap(name -> Topics.channelOf(name).stream())
                .collect(Collectors.toSet());
        restoreOrForget(known.keySet().stream().filter(channel -> !channels.contains(channel)).toList());
        channels.removeAll(known.keySet());
        describe(channels).forEach(this::admit);
    }

    /**
     * A topic that was deleted is forgotten, and made again when it is needed. One that a message went to just now is
     * made again at once: the producer waits for it, and finds it, where the transaction would fail otherwise.
     */
    private void restoreOrForget(Collection<String> vanished) {
        for (String name : vanished) {
            Channel channel = known.remove(name);
            if (channel != null && channel.used) {
                log.warn("the topic of channel {} was deleted while messages went to it; it is made again", name);
                create(List.of(catalogue.channel(name)));
                known.put(name, new Channel());
            }
        }
        known.values().forEach(channel -> channel.used = false);
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
        return System.nanoTime() - answeredAt < TimeUnit.MILLISECONDS.toNanos(2 * REFRESH_MS + timeoutMs);
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
        log.info("made {}", missing.stream().map(NewTopic::name).toList());
    }

    private int partitionsOfRaw() {
        return await(admin.describeTopics(List.of(Topics.RAW)).topicNameValues().get(Topics.RAW)).partitions().size();
    }

    /** How many partitions {@code chat.raw} has; answers from memory. */
    int rawPartitions() {
        return rawPartitions;
    }

    private void warnOfClientTimestamps() {
        ConfigResource raw = new ConfigResource(ConfigResource.Type.TOPIC, Topics.RAW);
        Config config = await(admin.describeConfigs(List.of(raw)).all()).get(raw);
        String type = config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value();
        if (!type.equals("LogAppendTime")) {
            log.warn("{} has {}={}: clients choose the time by which duplicates and limits are counted; "
                    + "set it to LogAppendTime", Topics.RAW, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, type);
        }
    }

    private Optional<String> admit(String channel, TopicDescription topic) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        if (allowed != null && !allowed.contains(AclOperation.WRITE)) {
            return Optional.of("The cluster lets nothing be written to the channel.");
        }
        known.put(channel, new Channel());
        return Optional.empty();
    }

    private Optional<TopicDescription> find(String channel) {
        return Optional.ofNullable(describe(Set.of(channel)).get(channel));
    }

    private Map<String, TopicDescription> describe(Collection<String> channels) {
        Map<String, KafkaFuture<TopicDescription>> topics = admin.describeTopics(
                channels.stream().map(Topics::ofChannel).toList(),
                new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues();
        Map<String, TopicDescription> found = new HashMap<>();
        topics.forEach((name, future) -> {
            try {
                found.put(Topics.channelOf(name).orElseThrow(), await(future));
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("{} is not there", name);
            }
        });
        return found;
    }

    /** Creates the topics; one that somebody else made meanwhile is as good. */
    private void create(Collection<NewTopic> topics) {
        for (KafkaFuture<Void> created : admin.createTopics(topics, new CreateTopicsOptions().timeoutMs(timeoutMs))
                .values().values()) {
            try {
                await(created);
            } catch (TopicExistsException e) {
                log.debug("made by another", e);
            }
        }
    }

    /** The admin client bounds the time that this takes. */
    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }

    /** What went wrong, by the name that Kafka gives it. */
    static String nameOf(KafkaException e) {
        return e.getClass().getSimpleName().replaceFirst("Exception$", "");
    }

    @Override
    public void close() {
        refresher.shutdownNow();
        admin.close(Duration.ofMillis(timeoutMs));
    }
}
