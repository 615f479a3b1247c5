package org.charla.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.network.Request;

/**
 * Bounds how many partitions there are, whoever makes them: each takes memory and open files. And how many that there are
 * not a reader may have Kafka look out for, which it keeps in mind for the next time that the reader asks.
 */
final class BoundedPartitions implements Function<Request, ApiException> {

    /** In one request of a reader, which learns that they are gone. */
    private static final int MOST_UNKNOWN = 100;
    /** How long a reader may wait for more; then it asks again. */
    private static final int LONGEST_WAIT_MS = 30_000;
    /** After this they are there, or are not made. */
    private static final long MAKING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Making(long sinceNanos, long partitions) {
    }

    private final KRaftMetadataCache topics;
    private final int most;
    /** What was let pass just now, the oldest first. */
    private final Deque<Making> making = new ArrayDeque<>();

    /** @param most how many there may be of all topics together */
    BoundedPartitions(KRaftMetadataCache topics, int most) {
        this.topics = topics;
        this.most = most;
    }

    @Override
    public ApiException apply(Request request) {
        return switch (request.header().apiKey()) {
            case CREATE_TOPICS -> make(request.body(CreateTopicsRequest.class).data().topics().stream()
                    .filter(topic -> !topics.contains(topic.name()))
                    .mapToLong(BoundedPartitions::partitions).sum());
            case CREATE_PARTITIONS -> make(request.body(CreatePartitionsRequest.class).data().topics().stream()
                    .mapToLong(this::furtherPartitions).sum());
            case STREAMS_GROUP_HEARTBEAT -> {
                Topology topology = request.body(StreamsGroupHeartbeatRequest.class).data().topology();
                yield topology == null ? null : make(internalTopicsToMake(topology));
            }
            case FETCH -> {
                FetchRequest fetch = request.body(FetchRequest.class);
                fetch.data().setMaxWaitMs(Math.min(fetch.data().maxWaitMs(), LONGEST_WAIT_MS));
                leaveUnknownOut(fetch.data(), fetch.metadata());
                yield null;
            }
            default -> null;
        };
    }

    private static long partitions(CreatableTopic topic) {
        return Math.max(1, Math.max(topic.numPartitions(), topic.assignments().size()));
    }

    private long furtherPartitions(CreatePartitionsTopic topic) {
        return topics.numPartitions(topic.name()).map(there -> Math.max(0, topic.count() - there)).orElse(0);
    }

    /** Kafka makes them for a streams group, repartition topics with as many partitions as it says. */
    private long internalTopicsToMake(Topology topology) {
        long mostPartitions = topology.subtopologies().stream().flatMap(part -> part.sourceTopics().stream())
                .mapToLong(topic -> topics.numPartitions(topic).orElse(1)).max().orElse(1);
        return topology.subtopologies().stream()
                .flatMap(part -> Stream.concat(part.stateChangelogTopics().stream(), part.repartitionSourceTopics().stream()))
                .filter(topic -> !topics.contains(topic.name()))
                .mapToLong(topic -> Math.max(mostPartitions, topic.partitions()))
                .sum();
    }

    private synchronized ApiException make(long further) {
        if (further == 0) {
            return null;
        }
        long now = System.nanoTime();
        while (!making.isEmpty() && now - making.peek().sinceNanos() > MAKING_NANOS) {
            making.remove();
        }
        long there = topics.currentImage().topics().topicsById().values().stream()
                .mapToLong(topic -> topic.partitions().size()).sum();
        if (there + making.stream().mapToLong(Making::partitions).sum() + further > most) {
            return new PolicyViolationException("There are " + there + " partitions, and " + further
                    + " more would be more than the memory carries (" + most + "): delete topics, or give it more");
        }
        making.add(new Making(now, further));
        return null;
    }

    /** Who goes on asking asks for what there is. */
    private void leaveUnknownOut(FetchRequestData request, FetchMetadata session) {
        int[] left = {session.isFull() ? MOST_UNKNOWN : 0};
        List<FetchTopic> known = new ArrayList<>(request.topics().size());
        for (FetchTopic topic : request.topics()) {
            String name = topic.topicId().equals(Uuid.ZERO_UUID) ? topic.topic()
                    : topics.getTopicName(topic.topicId()).orElse("");
            int there = topics.numPartitions(name).orElse(0);
            topic.setPartitions(topic.partitions().stream()
                    .filter(partition -> partition.partition() >= 0 && partition.partition() < there || left[0]-- > 0)
                    .toList());
            if (!topic.partitions().isEmpty()) {
                known.add(topic);
            }
        }
        request.setTopics(known);
    }
}
