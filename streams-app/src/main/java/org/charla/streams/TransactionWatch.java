package org.charla.streams;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster every {@value #PERIOD_MS} ms for the {@linkplain StableOffsets stable offsets} of what the pipeline
 * and its readers read: {@code chat.raw}, what the pipeline writes, its internal topics, and where its own progress is kept.
 * Logs once when readers are held back, and once when they aren't any more.
 */
final class TransactionWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TransactionWatch.class);

    private static final long PERIOD_MS = 2_000;
    private static final int TIMEOUT_MS = 5_000;

    private final ClusterTopics topics;
    private final TopicCatalogue catalogue;
    private final List<String> groups;
    private final StableOffsets offsets = new StableOffsets();
    private boolean wasHeldBack;
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "charla-transactions");
        thread.setDaemon(true);
        return thread;
    });

    /** @param groups the names of the groups that the pipeline reads as */
    TransactionWatch(ClusterTopics topics, TopicCatalogue catalogue, List<String> groups) {
        this.topics = topics;
        this.catalogue = catalogue;
        this.groups = List.copyOf(groups);
        sampler.scheduleWithFixedDelay(this::sampleOrLog, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** What is known, kept up to date. */
    StableOffsets offsets() {
        return offsets;
    }

    private void sampleOrLog() {
        try {
            sample();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("the stable offsets could not be read: {}", e.toString());
        }
    }

    private void sample() throws InterruptedException {
        Set<TopicPartition> read = partitionsRead();
        Map<TopicPartition, Long> ends = ends(read, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stable = ends(ends.keySet(), IsolationLevel.READ_COMMITTED);
        offsets.observe(read, ends, stable, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        Optional<StableOffsets.Behind> heldBack = offsets.longest().filter(StableOffsets.Behind::isHeldBack);
        if (heldBack.isPresent() && !wasHeldBack) {
            log.warn("{} kafka-transactions.sh describe-producers says whose it is, and abort ends it.", heldBack.get());
        } else if (heldBack.isEmpty() && wasHeldBack) {
            log.info("no transaction holds readers back any more");
        }
        wasHeldBack = heldBack.isPresent();
    }

    private Set<TopicPartition> partitionsRead() throws InterruptedException {
        Set<String> names = topics.names();
        // A channel has one partition; how many the others have is asked each time, since they are few.
        Set<TopicPartition> read = names.stream().filter(name -> Topics.channelOf(name).isPresent())
                .map(name -> new TopicPartition(name, 0)).collect(Collectors.toCollection(HashSet::new));
        Set<String> others = names.stream()
                .filter(name -> StableOffsets.GROUPS.contains(name) || catalogue.isInternal(name))
                .collect(Collectors.toCollection(HashSet::new));
        others.add(Topic.GROUP_METADATA_TOPIC_NAME);
        answers(topics.admin().describeTopics(others, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
                .topicNameValues()).forEach((name, topic) -> {
                    int count = topic.partitions().size();
                    IntStream partitions = name.equals(Topic.GROUP_METADATA_TOPIC_NAME)
                            ? groups.stream().mapToInt(group -> Utils.abs(group.hashCode()) % count)
                            : IntStream.range(0, count);
                    partitions.forEach(partition -> read.add(new TopicPartition(name, partition)));
                });
        return read;
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel readers)
            throws InterruptedException {
        ListOffsetsResult listed = topics.admin().listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())),
                new ListOffsetsOptions(readers).timeoutMs(TIMEOUT_MS));
        Map<TopicPartition, KafkaFuture<Long>> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(partition,
                listed.partitionResult(partition).thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)));
        return answers(ends);
    }

    /** What the cluster answered; what it refused, or did not answer in time, is left out. */
    private static <K, V> Map<K, V> answers(Map<K, KafkaFuture<V>> asked) throws InterruptedException {
        Map<K, V> answers = new HashMap<>();
        for (Map.Entry<K, KafkaFuture<V>> question : asked.entrySet()) {
            try {
                answers.put(question.getKey(), question.getValue().get());
            } catch (ExecutionException e) {
                log.debug("nothing is known of {}", question.getKey(), e);
            }
        }
        return answers;
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
