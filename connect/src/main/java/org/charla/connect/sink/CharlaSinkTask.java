package org.charla.connect.sink;

import com.mongodb.client.MongoClient;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.MDC;

/**
 * Writes with a {@link RecordWriter}, topic by topic, what the worker gives it, while the worker reads and converts the
 * next batch, and deals with what can't be written:
 *
 * <ul>
 * <li>While MongoDB is away the task keeps what it was given, pauses its partitions and tries again, ever less often.
 * The offsets of what is not written are not committed, so whatever ends the task loses nothing. (A
 * {@code RetriableException} would do the same, but the worker logs an error with its trace for each of them.)
 * <li>A record that can't be written goes alone to the worker's dead letters. What fails for a reason that is neither
 * MongoDB's absence nor a record's content fails the task, and nothing is set aside.
 * </ul>
 *
 * <p>{@code mongo.errors.tolerance} and {@code mongo.errors.log.enable} do not concern it: {@code errors.tolerance} is
 * the worker's alone. Where the connection URI says nothing of them, {@code serverSelectionTimeoutMS} is 5 seconds,
 * {@code socketTimeoutMS} 30, and writes are acknowledged by a majority and journaled.
 */
public final class CharlaSinkTask extends SinkTask {

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** How soon the task looks how a batch went when no other comes. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The writer's while it writes. */
    private final PendingRecords pending = new PendingRecords();
    /** From where partitions are to be read again: the writer's as well. */
    private final Map<TopicPartition, Long> again = new HashMap<>();
    /** Those of which the worker has been told and which it reads again before it puts the next time. */
    private final Map<TopicPartition, Long> rewinding = new HashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(this::writerThread);
    private Future<?> writing;
    private RuntimeException failure;
    private String connector;
    private MongoClient client;
    private RecordWriter recordWriter;
    private TopicPlaces places;
    private boolean away;
    private Duration wait = FIRST_WAIT;
    private Instant nextTry = Instant.MIN;

    @Override
    public String version() {
        return CharlaSinkTask.class.getPackage().getImplementationVersion();
    }

    @Override
    public void start(Map<String, String> settings) {
        connector = settings.get("name");
        MongoSinkConfig config = new MongoSinkConfig(settings);
        client = SinkClient.create(config);
        SinkCollections collections = new SinkCollections(client);
        recordWriter = new RecordWriter(config, collections::get, context.errantRecordReporter());
        places = new TopicPlaces(config, collections::get, client);
    }

    /**
     * Has the records written, behind those that wait, and returns; or keeps them where MongoDB is away. The batch
     * before is written, or waits, by then: there are never two under way.
     *
     * @throws ConnectException if something put can't be written and a person is needed; nothing of it is committed
     */
    @Override
    public void put(Collection<SinkRecord> records) {
        finish();
        if (failure != null) {
            throw failure;
        }
        rewind();
        pending.add(records);
        if (!rewinding.isEmpty()) {
            pending.removePartitions(rewinding.keySet());
        }
        Duration pause = Duration.between(Instant.now(), nextTry);
        if (pending.isEmpty()) {
            if (away) {
                // What waited has gone to another task: the next records show whether MongoDB is back.
                context.resume(assignment());
            }
        } else if (away && pause.toMillis() > 0) {
            context.timeout(pause.toMillis());
        } else {
            writing = writer.submit(this::writePending);
            context.timeout(LOOK.toMillis());
        }
    }

    /** Returns when nothing is under way, and what could not be written waits again. */
    private void finish() {
        if (writing == null) {
            return;
        }
        try {
            writing.get();
            if (away) {
                goOn();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutageException outage) {
                waitForMongodb(outage);
            } else {
                failure = e.getCause() instanceof RuntimeException known ? known : new ConnectException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while a batch is under way", e);
        }
        writing = null;
    }

    /** What was put so far, and what is put now, was read before that. */
    private void rewind() {
        rewinding.clear();
        rewinding.putAll(again);
        again.clear();
        rewinding.forEach(context::offset);
    }

    private void writePending() {
        for (String topic : pending.topics()) {
            try {
                List<List<SinkRecord>> runs = runs(List.copyOf(pending.of(topic)));
                for (List<SinkRecord> run : runs) {
                    write(run);
                    if (runs.size() > 1) {
                        // What was set aside of it is not to be set aside once more where MongoDB goes meanwhile.
                        pending.remove(run);
                    }
                }
            } catch (OutageException e) {
                pending.remove(e.setAside());
                throw e;
            }
            pending.removeTopic(topic);
        }
    }

    /** Records next to one another that say the same of where they come from. */
    private static List<List<SinkRecord>> runs(List<SinkRecord> records) {
        List<List<SinkRecord>> runs = new ArrayList<>();
        int begin = 0;
        for (int end = 1; end <= records.size(); end++) {
            if (end == records.size() || !isOfSameTopic(records.get(end - 1), records.get(end))) {
                runs.add(records.subList(begin, end));
                begin = end;
            }
        }
        return runs;
    }

    private static boolean isOfSameTopic(SinkRecord one, SinkRecord other) {
        return one.originalKafkaPartition().equals(other.originalKafkaPartition())
                && Objects.deepEquals(TopicId.header(one), TopicId.header(other));
    }

    private void write(List<SinkRecord> run) {
        TopicPartition partition = PendingRecords.origin(run.get(0));
        if (again.containsKey(partition)) {
            return;
        }
        TopicPlaces.Place place = places.of(run);
        if (place.again().isPresent()) {
            again.put(partition, place.again().getAsLong());
        } else {
            recordWriter.write(run, place.base());
        }
    }

    private void waitForMongodb(OutageException outage) {
        away = true;
        Outages.away(connector, outage.getMessage());
        context.pause(assignment());
        context.timeout(wait.toMillis());
        nextTry = Instant.now().plus(wait);
        wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }

    private void goOn() {
        away = false;
        Outages.back(connector);
        context.resume(assignment());
        wait = FIRST_WAIT;
    }

    private TopicPartition[] assignment() {
        return context.assignment().toArray(TopicPartition[]::new);
    }

    /** What is new waits with the rest. */
    @Override
    public void open(Collection<TopicPartition> partitions) {
        finish();
        if (!pending.isEmpty()) {
            context.pause(partitions.toArray(TopicPartition[]::new));
        }
    }

    /** Another task begins with what was not committed. */
    @Override
    public void close(Collection<TopicPartition> partitions) {
        finish();
        pending.removePartitions(partitions);
        places.forget(partitions);
        again.keySet().removeAll(partitions);
        rewinding.keySet().removeAll(partitions);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        finish();
        Map<TopicPartition, OffsetAndMetadata> written = pending.written(offsets);
        Stream.of(again, rewinding).forEach(partitions -> partitions.forEach((partition, from) -> written.computeIfPresent(
                partition, (same, offset) -> offset.offset() <= from ? offset : new OffsetAndMetadata(from))));
        return written;
    }

    @Override
    public void stop() {
        writer.shutdownNow();
        if (away) {
            Outages.forget(connector);
        }
        if (client != null) {
            client.close();
        }
    }

    private Thread writerThread(Runnable work) {
        Map<String, String> logged = MDC.getCopyOfContextMap();
        Thread thread = new Thread(() -> {
            // The worker's mark of connector and task, for what the connector logs.
            if (logged != null) {
                MDC.setContextMap(logged);
            }
            work.run();
        }, Thread.currentThread().getName() + "-writer");
        thread.setDaemon(true);
        return thread;
    }
}
