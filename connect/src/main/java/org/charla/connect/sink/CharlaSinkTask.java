package org.charla.connect.sink;

import com.mongodb.client.MongoClient;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private final ExecutorService writer = Executors.newSingleThreadExecutor(this::writerThread);
    private Future<?> writing;
    private RuntimeException failure;
    private String connector;
    private MongoClient client;
    private RecordWriter recordWriter;
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
        recordWriter = new RecordWriter(config, new SinkCollections(client)::get, context.errantRecordReporter());
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
        pending.add(records);
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

    private void writePending() {
        for (String topic : pending.topics()) {
            try {
                recordWriter.write(pending.of(topic));
            } catch (OutageException e) {
                pending.remove(e.setAside());
                throw e;
            }
            pending.removeTopic(topic);
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
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        finish();
        return pending.written(offsets);
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
