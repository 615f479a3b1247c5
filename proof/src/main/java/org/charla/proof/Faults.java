package org.charla.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.charla.testing.Checkout;

/**
 * Breaks the parts of a cluster while they work. A seed gives the kinds, their targets and for how long; when each
 * comes depends on how soon what was broken before works again. Of brokers, of instances, of workers and of members one
 * fault at a time; so up to four at once.
 */
final class Faults implements AutoCloseable {

    /** What is done to which kind of part. */
    enum Kind {
        KILL_BROKER(Group.BROKERS, 5), KILL_CONTROLLER(Group.BROKERS, 2), STOP_BROKER(Group.BROKERS, 2),
        RESTART_BROKER(Group.BROKERS, 1), CUT_BROKERS(Group.BROKERS, 2), FILL_BROKERS_DISK(Group.BROKERS, 1),
        KILL_APP(Group.APPS, 7), STOP_APP(Group.APPS, 2), RESTART_APP(Group.APPS, 1), SCALE_APPS(Group.APPS, 1),
        LOSE_STATE(Group.APPS, 2), FILL_APPS_DISK(Group.APPS, 1), RETENTION(Group.APPS, 1),
        RETENTION_UNREAD(Group.APPS, 0), UPGRADE(Group.APPS, 0),
        KILL_WORKER(Group.WORKERS, 4), STOP_WORKER(Group.WORKERS, 1), RESTART_WORKER(Group.WORKERS, 1),
        KILL_MEMBER(Group.MEMBERS, 4), KILL_PRIMARY(Group.MEMBERS, 4), STOP_PRIMARY(Group.MEMBERS, 2),
        LAG_MEMBER(Group.MEMBERS, 1), STEP_DOWN(Group.MEMBERS, 1), FILL_MEMBERS_DISK(Group.MEMBERS, 1),
        RESTORE_BACKUP(Group.MEMBERS, 0),
        ROLL_ALL(null, 0);

        private final Group group;
        /** How often it comes beside others; 0: once, where it is asked for. */
        private final int weight;

        Kind(Group group, int weight) {
            this.group = group;
            this.weight = weight;
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private enum Group { BROKERS, APPS, WORKERS, MEMBERS }

    /**
     * One that was done.
     *
     * @param target in words
     * @param kills how many processes got SIGKILL or, for longer than they are waited for, SIGSTOP
     * @param from when it began, by {@link System#nanoTime}
     * @param to when all parts that it concerned were started again
     */
    record Done(int number, Kind kind, String target, int kills, long from, long to) {
    }

    private record Planned(int number, Kind kind, int target, int holdMs) {
    }

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SHORTEST_STOP_MS = 7_000;
    private static final int LONGEST_STOP_MS = 26_000;
    /** So many records of a partition that nobody can judge are enough. */
    private static final int MOST_UNREAD = 500;
    private static final int SHORT_MS = 2_000;

    private final Cluster cluster;
    private final Archive archive;
    private final Ledger ledger;
    private final Path former;
    private final List<Kind> kinds;
    private final Random random;
    private final ExecutorService lanes = Executors.newCachedThreadPool();
    private final Map<Group, ReentrantLock> locks = Map.of(Group.BROKERS, new ReentrantLock(true),
            Group.APPS, new ReentrantLock(true), Group.WORKERS, new ReentrantLock(true),
            Group.MEMBERS, new ReentrantLock(true));
    private final List<Done> done = Collections.synchronizedList(new ArrayList<>());
    private final List<String> skipped = new ArrayList<>();
    private final AtomicInteger endedByThemselves = new AtomicInteger();

    /**
     * @param kinds what it chooses from, one after the other at random; what can't be done here is left out, and said
     */
    Faults(Cluster cluster, Archive archive, Ledger ledger, Path former, long seed, List<Kind> kinds) {
        this.cluster = cluster;
        this.former = former;
        this.archive = archive;
        this.ledger = ledger;
        random = new Random(seed);
        this.kinds = kinds.stream().filter(kind -> {
            String reason = reasonAgainst(kind);
            String line = kind.words() + " skipped: " + reason;
            if (!reason.isEmpty() && !skipped.contains(line)) {
                skipped.add(line);
            }
            return reason.isEmpty();
        }).toList();
        lanes.execute(this::supervise);
    }

    private String reasonAgainst(Kind kind) {
        return switch (kind) {
            case CUT_BROKERS -> cluster.brokers().size() < 2 ? "one broker" : cluster.network().reason();
            case FILL_BROKERS_DISK -> cluster.brokerDisk().reason();
            case FILL_APPS_DISK -> cluster.appDisk().reason();
            case FILL_MEMBERS_DISK -> cluster.memberDisk().reason();
            case SCALE_APPS -> cluster.apps().size() < 2 ? "one instance" : "";
            default -> "";
        };
    }

    /** What could not be done here, and why, a line each. */
    List<String> skipped() {
        return skipped;
    }

    List<Done> done() {
        return done.stream().sorted(Comparator.comparingLong(Done::from)).toList();
    }

    /** Parts that ended though nobody broke them just then, and were started again. */
    int endedByThemselves() {
        return endedByThemselves.get();
    }

    /** Makes so many faults, spread over a time, and returns when all parts run again. */
    void run(int count, Duration time) throws Exception {
        List<Planned> plan = plan(count);
        List<Future<?>> all = new ArrayList<>();
        long start = System.nanoTime();
        for (Planned fault : plan) {
            long due = start + time.toNanos() / Math.max(1, count) * fault.number;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            all.add(lanes.submit(() -> {
                make(fault);
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(LIMIT.toSeconds() * (1 + count), TimeUnit.SECONDS);
        }
    }

    /** All that are given come before any comes again; in the middle those that come once. */
    private List<Planned> plan(int count) {
        List<Planned> plan = new ArrayList<>();
        List<Kind> once = new ArrayList<>(kinds.stream().filter(kind -> kind.weight == 0).toList());
        List<Kind> left = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            if (number >= count / 2 && !once.isEmpty()) {
                left.add(once.remove(0));
            }
            if (left.isEmpty()) {
                kinds.stream().filter(kind -> kind.weight > 0).forEach(left::add);
                Collections.shuffle(left, random);
            }
            plan.add(new Planned(number, left.remove(left.size() - 1), random.nextInt(1 << 16),
                    random.nextInt(4) == 0 ? LONGEST_STOP_MS : SHORTEST_STOP_MS + random.nextInt(SHORTEST_STOP_MS)));
        }
        return plan;
    }

    /** Starts again what has ended by itself, as any supervisor does, until it is closed. */
    private void supervise() {
        try {
            while (!lanes.isShutdown()) {
                for (Group group : Group.values()) {
                    supervise(group);
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise(Group group) {
        ReentrantLock lock = locks.get(group);
        if (!lock.tryLock()) {
            return;
        }
        try {
            for (Part part : parts(group)) {
                if (!part.isAlive()) {
                    endedByThemselves.incrementAndGet();
                    System.out.println("  " + part + " has ended by itself, and is started again");
                    part.start();
                }
            }
        } catch (Exception e) {
            System.out.println("  " + e);
        } finally {
            lock.unlock();
        }
    }

    private List<? extends Part> parts(Group group) {
        return switch (group) {
            case BROKERS -> cluster.brokers();
            case APPS -> cluster.apps();
            case WORKERS -> cluster.workers();
            case MEMBERS -> cluster.members();
        };
    }

    private void make(Planned fault) throws Exception {
        if (fault.kind == Kind.ROLL_ALL) {
            rollAll(fault);
            return;
        }
        ReentrantLock lock = locks.get(fault.kind.group);
        lock.lock();
        try {
            long from = System.nanoTime();
            List<String> targets = new ArrayList<>();
            int kills = make(fault, targets);
            note(fault, String.join(", ", targets), kills, from);
        } finally {
            lock.unlock();
        }
    }

    private void note(Planned fault, String target, int kills, long from) {
        Done one = new Done(fault.number, fault.kind, target, kills, from, System.nanoTime());
        done.add(one);
        System.out.printf("  fault %d: %s, %s, back after %.1f s%n", one.number(), one.kind().words(), one.target(),
                (one.to() - one.from()) / 1e9);
    }

    /** @return how many were killed or stopped */
    private int make(Planned fault, List<String> targets) throws Exception {
        Kind kind = fault.kind;
        List<? extends Part> parts = parts(kind.group);
        int index = fault.target % parts.size();
        switch (kind) {
            case KILL_BROKER, KILL_APP, KILL_WORKER, KILL_MEMBER -> kill(parts.get(index), fault, targets);
            case KILL_CONTROLLER -> kill(cluster.brokers().get(cluster.controller()), fault, targets);
            case KILL_PRIMARY -> kill(cluster.primary(), fault, targets);
            case STOP_BROKER, STOP_APP, STOP_WORKER -> stop(parts.get(index), fault, targets);
            case STOP_PRIMARY -> stop(cluster.primary(), fault, targets);
            case LAG_MEMBER -> {
                Part primary = cluster.primary();
                List<? extends Part> others = parts.stream().filter(part -> part != primary).toList();
                stop(others.get(fault.target % others.size()), fault, targets);
            }
            case RESTART_BROKER, RESTART_APP, RESTART_WORKER -> restart(parts.get(index), targets);
            case STEP_DOWN -> {
                targets.add(cluster.primary().toString());
                cluster.stepDown();
            }
            case CUT_BROKERS -> cut(index, (index + 1) % parts.size(), fault, targets);
            case FILL_BROKERS_DISK, FILL_APPS_DISK, FILL_MEMBERS_DISK ->
                    fill(parts.get(parts.size() - 1), fault, targets);
            case SCALE_APPS -> scale(fault, targets);
            case LOSE_STATE -> {
                Part app = parts.get(index);
                targets.add(app.toString());
                app.kill();
                delete(cluster.stateFolder(index));
                app.start();
            }
            case UPGRADE -> upgrade(fault, targets);
            case RETENTION, RETENTION_UNREAD -> retain(kind == Kind.RETENTION_UNREAD, targets);
            case RESTORE_BACKUP -> restoreBackup(fault, targets);
            case ROLL_ALL -> throw new IllegalStateException("of all groups");
        }
        if (kind.group == Group.BROKERS) {
            awaitInSync();
        }
        return switch (kind) {
            case RESTART_BROKER, RESTART_APP, RESTART_WORKER, SCALE_APPS, UPGRADE, STEP_DOWN, CUT_BROKERS -> 0;
            case RETENTION, RETENTION_UNREAD -> targets.size();
            case RESTORE_BACKUP -> parts.size();
            default -> 1;
        };
    }

    private static void kill(Part part, Planned fault, List<String> targets) throws Exception {
        targets.add(part.toString());
        part.kill();
        // Some are away for a moment longer than it takes to start them.
        TimeUnit.MILLISECONDS.sleep(fault.holdMs % SHORT_MS);
        part.start();
    }

    private static void stop(Part part, Planned fault, List<String> targets) throws Exception {
        targets.add(part + " for " + fault.holdMs / 1_000 + " s");
        part.suspend();
        TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        part.resume();
    }

    private static void restart(Part part, List<String> targets) throws Exception {
        targets.add(part.toString());
        part.terminate();
        part.start();
    }

    private void cut(int one, int other, Planned fault, List<String> targets) throws Exception {
        targets.add(cluster.brokers().get(one) + " and " + other + " for " + fault.holdMs / 1_000 + " s");
        cluster.network().cut(one, other);
        TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        cluster.network().heal(one, other);
    }

    private void fill(Part part, Planned fault, List<String> targets) throws Exception {
        targets.add(part.toString());
        Disk disk = switch (fault.kind.group) {
            case BROKERS -> cluster.brokerDisk();
            case MEMBERS -> cluster.memberDisk();
            case APPS, WORKERS -> cluster.appDisk();
        };
        disk.fill();
        TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        disk.free();
        // Whatever it made of that: an operator starts it again.
        part.kill();
        part.start();
    }

    /** Down to one, with notice, and up again. */
    private void scale(Planned fault, List<String> targets) throws Exception {
        List<Part.Jvm> gone = cluster.apps().subList(1, cluster.apps().size());
        for (Part app : gone) {
            targets.add(app.toString());
            app.terminate();
        }
        TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        for (Part app : gone) {
            app.start();
        }
    }

    /**
     * Deletes the older records of chat.raw while no instance runs: half of those that were read, or all of these and
     * some that were not.
     */
    private void retain(boolean isUnreadToo, List<String> targets) throws Exception {
        for (Part app : cluster.apps()) {
            targets.add(app.toString());
            app.kill();
        }
        if (isUnreadToo) {
            // So that there is something that nobody read.
            TimeUnit.MILLISECONDS.sleep(SHORT_MS);
        }
        Cluster.await("records deleted", LIMIT, () -> {
            delete(isUnreadToo);
            return true;
        });
        for (Part app : cluster.apps()) {
            app.start();
        }
    }

    private void delete(boolean isUnreadToo) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> read = read();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "none",
                        "enable.auto.commit", "false", "isolation.level", "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int partition = 0; partition < Generator.PARTITIONS; partition++) {
                TopicPartition raw = new TopicPartition(Oracle.RAW, partition);
                long begin = consumer.beginningOffsets(List.of(raw)).get(raw);
                long end = consumer.endOffsets(List.of(raw)).get(raw);
                OffsetAndMetadata committed = read.get(raw);
                long readTo = committed == null ? begin : committed.offset();
                long to = isUnreadToo ? readTo + Math.min(MOST_UNREAD, (end - readTo) / 2)
                        : begin + (readTo - begin) / 2;
                // Before they are gone. If the deletion has to be tried again, they are there already.
                try (Archive.Adding adding = archive.adding(partition)) {
                    KafkaLogs.read(consumer, Map.of(raw, begin), Map.of(raw, to), adding::add);
                }
                if (to > readTo) {
                    ledger.taken(partition, readTo, to);
                }
                cluster.admin().deleteRecords(Map.of(raw, RecordsToDelete.beforeOffset(to))).all().get();
            }
        }
    }

    /** How far the app has read; of who never did, null. */
    private Map<TopicPartition, OffsetAndMetadata> read() throws Exception {
        List<TopicPartition> partitions = IntStream.range(0, Generator.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Oracle.RAW, partition)).toList();
        Map<TopicPartition, OffsetAndMetadata> read = cluster.admin().listConsumerGroupOffsets(
                Map.of(Cluster.APPLICATION, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(Cluster.APPLICATION).get();
        // Kafka's client leaves out those of a transaction that is being committed.
        if (!read.keySet().containsAll(partitions)) {
            throw new IllegalStateException("transactions of " + Cluster.APPLICATION + " are under way");
        }
        return read;
    }

    /** All of MongoDB becomes what it was some time before, and the sinks begin anew. */
    private void restoreBackup(Planned fault, List<String> targets) throws Exception {
        List<Part.Member> members = cluster.members();
        Part primary = cluster.primary();
        int copied = IntStream.range(0, members.size()).filter(i -> members.get(i) != primary).findFirst().orElseThrow();
        members.get(copied).terminate();
        copy(cluster.memberFolder(copied), cluster.backupFolder());
        members.get(copied).start();
        TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        targets.add("as it was " + fault.holdMs / 1_000 + " s before");
        // Who stops the sinks needs a worker that answers.
        locks.get(Group.WORKERS).lock();
        try {
            cluster.stopConnectors();
            members.forEach(Part::kill);
            for (int i = 0; i < members.size(); i++) {
                delete(cluster.memberFolder(i));
                copy(cluster.backupFolder(), cluster.memberFolder(i));
                members.get(i).start();
            }
            cluster.primary();
            cluster.startConnectorsAnew();
        } finally {
            locks.get(Group.WORKERS).unlock();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Forward, back and forward again: whoever reads is to know what is new before anybody writes it. */
    private void upgrade(Planned fault, List<String> targets) throws Exception {
        targets.add("forward, back, and forward again");
        for (Path to : List.of(Checkout.HOME, former, Checkout.HOME)) {
            if (to.equals(former)) {
                rollApps(to);
                rollWorkers(to);
            } else {
                rollWorkers(to);
                rollApps(to);
            }
            TimeUnit.MILLISECONDS.sleep(fault.holdMs);
        }
    }

    private void rollApps(Path to) throws Exception {
        for (int i = 0; i < cluster.apps().size(); i++) {
            cluster.appIs(i, to);
            restart(cluster.apps().get(i), new ArrayList<>());
        }
    }

    private void rollWorkers(Path to) throws Exception {
        locks.get(Group.WORKERS).lock();
        try {
            for (int i = 0; i < cluster.workers().size(); i++) {
                cluster.workerIs(i, to);
                restart(cluster.workers().get(i), new ArrayList<>());
            }
        } finally {
            locks.get(Group.WORKERS).unlock();
        }
    }

    private void rollAll(Planned fault) throws Exception {
        long from = System.nanoTime();
        for (Group group : Group.values()) {
            locks.get(group).lock();
            try {
                for (Part part : parts(group)) {
                    restart(part, new ArrayList<>());
                    if (group == Group.BROKERS) {
                        awaitInSync();
                    }
                }
            } finally {
                locks.get(group).unlock();
            }
        }
        note(fault, "everything, one after the other", 0, from);
    }

    /** Returns when each partition that the pipeline can't do without has all of its replicas again. */
    private void awaitInSync() throws Exception {
        // One that was killed just now is still taken for in sync.
        Cluster.await("brokers that listen", LIMIT, cluster::allBrokersListen);
        Cluster.await("replicas in sync", LIMIT, () -> cluster.admin().describeTopics(
                List.of(Oracle.RAW, Cluster.REQUESTS, Oracle.REJECTED, "__transaction_state", "__consumer_offsets"))
                .allTopicNames().get().values().stream().flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.isr().size() == cluster.brokers().size()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                // The folder itself may be a file system of its own.
                if (!path.equals(folder)) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Each kind as often as it comes beside others. */
    static List<Kind> usual() {
        return Arrays.stream(Kind.values()).flatMap(kind -> Collections.nCopies(kind.weight, kind).stream()).toList();
    }

    @Override
    public void close() {
        lanes.shutdownNow();
        try {
            if (!lanes.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a fault doesn't end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
