package org.charla.access;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.charla.protocol.Topics;

/**
 * Waits until the pipeline has judged all records that were sent so far, by the offsets that the streams app's group has
 * committed, and reads what it refused since this was made. {@link #sent} may be called from any thread.
 */
public final class Verdicts implements AutoCloseable {

    /** How long nothing may move before nobody is believed to judge: a streams app that is restarted is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long Kafka may be without an answer: as long as the import's records wait for it. */
    private static final Duration OUTAGE = Duration.ofSeconds(120);

    /** How long to wait until Kafka is asked again: a little at first, since a little is judged in no time. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofMillis(200);

    /** How long it is believed which groups are at work. */
    private static final Duration GROUPS_HOLD = Duration.ofSeconds(1);

    private static final Set<GroupState> WITHOUT_MEMBERS = Set.of(GroupState.EMPTY, GroupState.DEAD);

    private final KafkaAccess kafka;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> refusals;

    /** Where the refusals end when all is judged; null before that. */
    private Map<TopicPartition, Long> written;

    /** The streams groups that were at work when this was asked last. */
    private Set<String> groups = Set.of();
    private long groupsListed;

    /** Where what was sent ends, by partition of {@link Topics#RAW}; guarded by this. */
    private final Map<TopicPartition, Long> sent = new HashMap<>();

    /** Begins where the refusals end now. */
    public Verdicts(KafkaAccess kafka) {
        this.kafka = kafka;
        this.admin = kafka.admin(KafkaAccess.PATIENCE);
        this.consumer = kafka.consumer(Map.of());
        try {
            this.refusals = KafkaAccess.partitionsOf(consumer, Topics.REFUSALS);
            Map<TopicPartition, Long> ends = consumer.endOffsets(refusals);
            consumer.assign(refusals);
            ends.forEach(consumer::seek);
        } catch (AccessFailure e) {
            close();
            throw e;
        } catch (KafkaException e) {
            close();
            throw kafka.failure(e);
        }
    }

    /** Kafka has a record of {@link Topics#RAW}. */
    public synchronized void sent(RecordMetadata place) {
        sent.merge(new TopicPartition(place.topic(), place.partition()), place.offset() + 1, Math::max);
    }

    /**
     * Waits until all that was sent so far is judged.
     *
     * @param fates is told of what was refused
     * @return whether all of it is judged; otherwise nothing has moved for a while
     * @throws AccessFailure if Kafka refuses to say
     */
    public boolean await(Fates<?> fates) {
        Map<TopicPartition, Long> ends = ends();
        written = null;
        try {
            // When it is committed that they are read, so are the refusals; but the marks that say so come one by one.
            return ends.isEmpty() || readUntilNoneIsLeft(fates, () -> left(ends, judged(ends.keySet())))
                    && readUntilNoneIsLeft(fates, this::unread);
        } catch (KafkaException e) {
            throw kafka.failure(e);
        }
    }

    private synchronized Map<TopicPartition, Long> ends() {
        return Map.copyOf(sent);
    }

    private static long left(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> positions) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - positions.getOrDefault(end.getKey(), 0L))).sum();
    }

    /** @param left how many offsets there are still to come */
    private boolean readUntilNoneIsLeft(Fates<?> fates, LongSupplier left) {
        long least = Long.MAX_VALUE;
        long progress = System.nanoTime();
        long answer = progress;
        Duration interval = SHORTEST_INTERVAL;
        while (true) {
            OptionalLong now = ask(left);
            if (now.isPresent() && now.getAsLong() == 0) {
                return true;
            }
            long time = System.nanoTime();
            if (now.isEmpty() || now.getAsLong() < least) {
                least = now.orElse(least);
                progress = time;
            }
            answer = now.isEmpty() ? answer : time;
            if (time - progress > PATIENCE.toNanos() || time - answer > OUTAGE.toNanos()) {
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(interval)) {
                fates.refused(record);
            }
            interval = interval.multipliedBy(2).compareTo(LONGEST_INTERVAL) < 0 ? interval.multipliedBy(2) : LONGEST_INTERVAL;
        }
    }

    /** Empty while Kafka has no answer. */
    private static OptionalLong ask(LongSupplier question) {
        try {
            return OptionalLong.of(question.getAsLong());
        } catch (ServerAway | RetriableException e) {
            return OptionalLong.empty();
        }
    }

    /** How far each streams group that is at work on {@link Topics#RAW} has come, the slowest of them; as a rule one. */
    private Map<TopicPartition, Long> judged(Collection<TopicPartition> partitions) {
        if (groups.isEmpty() || System.nanoTime() - groupsListed > GROUPS_HOLD.toNanos()) {
            groups = kafka.answer(admin.listGroups(ListGroupsOptions.forStreamsGroups()).all()).stream()
                    .filter(group -> group.groupState().filter(WITHOUT_MEMBERS::contains).isEmpty())
                    .map(GroupListing::groupId).collect(Collectors.toSet());
            groupsListed = System.nanoTime();
        }
        if (groups.isEmpty()) {
            return Map.of();
        }
        return kafka.answer(admin.listStreamsGroupOffsets(groups.stream().collect(Collectors.toMap(Function.identity(),
                        group -> new ListStreamsGroupOffsetsSpec().topicPartitions(partitions)))).all()).values().stream()
                .map(Verdicts::positions)
                .filter(offsets -> !offsets.isEmpty())
                .reduce((one, other) -> slowest(partitions, one, other))
                .orElse(Map.of());
    }

    private static Map<TopicPartition, Long> positions(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                positions.put(partition, offset.offset());
            }
        });
        return positions;
    }

    private static Map<TopicPartition, Long> slowest(Collection<TopicPartition> partitions,
            Map<TopicPartition, Long> one, Map<TopicPartition, Long> other) {
        return partitions.stream().collect(Collectors.toMap(Function.identity(),
                partition -> Math.min(one.getOrDefault(partition, 0L), other.getOrDefault(partition, 0L))));
    }

    /** How many offsets there are to where the refusals ended when this was asked first, committed or not. */
    private long unread() {
        if (written == null) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            kafka.answer(admin.listOffsets(refusals.stream().collect(
                            Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()))).all())
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            written = ends;
        }
        return left(written, refusals.stream().collect(Collectors.toMap(Function.identity(), consumer::position)));
    }

    @Override
    public void close() {
        KafkaAccess.close(consumer);
        admin.close(Duration.ZERO);
    }
}
