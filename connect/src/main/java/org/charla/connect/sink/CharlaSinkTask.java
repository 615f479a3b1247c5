package org.charla.connect.sink;

import com.mongodb.ConnectionString;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.MongoSinkTask;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.dlq.WriteSkippedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.MDC;

/**
 * Writes with the connector's own task, one bulk write for each topic of a batch, while the worker reads and converts
 * the next batch, and deals with what can't be written:
 *
 * <ul>
 * <li>While MongoDB is away the task keeps what it was given, pauses its partitions and tries again, ever less often.
 * The offsets of what is not written are not committed, so whatever ends the task loses nothing. (A
 * {@code RetriableException} would do the same, but the worker logs an error with its trace for each of them.)
 * <li>A record that can't be written goes alone to the worker's dead letters. What fails for a reason that is neither
 * MongoDB's absence nor a record's content fails the task, and nothing is set aside.
 * </ul>
 *
 * <p>It decides {@code mongo.errors.tolerance} and {@code mongo.errors.log.enable} itself: {@code errors.tolerance}
 * is the worker's alone. Where the connection URI says nothing of them, {@code serverSelectionTimeoutMS} is 5 seconds,
 * {@code socketTimeoutMS} 30, and writes are acknowledged by a majority and journaled.
 */
public final class CharlaSinkTask extends MongoSinkTask {

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** How soon the task looks how a batch went when no other comes. */
    private static final Duration LOOK = Duration.ofMillis(100);
    /** How often a record is tried whose document another writer puts in at the same time; the next time finds it. */
    private static final int RACES = 10;

    /** What was put and is not written yet, by topic; within a topic in order. The writer's while it writes. */
    private final Map<String, List<SinkRecord>> waiting = new LinkedHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(this::writerThread);
    private Future<?> writing;
    private RuntimeException failure;
    /** What the connector's task reports while it writes. */
    private final Map<SinkRecord, Throwable> reported = new IdentityHashMap<>();
    private final Map<SinkRecord, Future<Void>> deadLettered = new IdentityHashMap<>();
    private String connector;
    private OffsetIndex index;
    private boolean away;
    private Duration wait = FIRST_WAIT;
    private Instant nextTry = Instant.MIN;

    @Override
    public void start(Map<String, String> settings) {
        Map<String, String> own = new HashMap<>(settings);
        // Like this the connector's task throws, without logging the records, what concerns a whole batch, and reports
        // what concerns one record.
        own.put(MongoSinkTopicConfig.OVERRIDE_ERRORS_TOLERANCE_CONFIG, "data");
        own.put(MongoSinkTopicConfig.OVERRIDE_ERRORS_LOG_ENABLE_CONFIG, "false");
        own.computeIfPresent(MongoSinkConfig.CONNECTION_URI_CONFIG, (name, uri) -> withDefaults(uri));
        connector = settings.get("name");
        SinkTaskContext workers = context;
        context = reportingTo((record, error) -> {
            reported.put(record, error);
            return CompletableFuture.completedFuture(null);
        });
        try {
            super.start(own);
        } finally {
            context = workers;
        }
        if (FirstWriteWins.class.getName().equals(own.get(MongoSinkTopicConfig.WRITEMODEL_STRATEGY_CONFIG))) {
            index = new OffsetIndex(new MongoSinkConfig(own));
        }
    }

    /** The worker's context but for the reporter, which the connector's task asks for once, at its start. */
    private SinkTaskContext reportingTo(ErrantRecordReporter reporter) {
        SinkTaskContext workers = context;
        return (SinkTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {SinkTaskContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("errantRecordReporter")) {
                        return reporter;
                    }
                    try {
                        return method.invoke(workers, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * Without a limit a MongoDB that accepts connections but does not answer would hold the task for ever; and what a
     * mongod acknowledges before it is in its journal, a kill takes back when the offsets may be committed already.
     */
    static String withDefaults(String uri) {
        ConnectionString given = new ConnectionString(uri);
        List<String> more = new ArrayList<>();
        if (given.getServerSelectionTimeout() == null) {
            more.add("serverSelectionTimeoutMS=5000");
        }
        if (given.getSocketTimeout() == null && given.getTimeout() == null) {
            more.add("socketTimeoutMS=30000");
        }
        if (given.getWriteConcern() == null) {
            more.add("w=majority&journal=true");
        }
        if (more.isEmpty()) {
            return uri;
        }
        String separator = uri.contains("?") ? "&" : uri.indexOf('/', uri.indexOf("//") + 2) < 0 ? "/?" : "?";
        return uri + separator + String.join("&", more);
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
        records.forEach(record -> waiting.computeIfAbsent(record.topic(), topic -> new ArrayList<>()).add(record));
        Duration pause = Duration.between(Instant.now(), nextTry);
        if (waiting.isEmpty()) {
            if (away) {
                // What waited has gone to another task: the next records show whether MongoDB is back.
                context.resume(assignment());
            }
        } else if (away && pause.toMillis() > 0) {
            context.timeout(pause.toMillis());
        } else {
            writing = writer.submit(this::writeWaiting);
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

    private void writeWaiting() {
        try {
            for (Iterator<Map.Entry<String, List<SinkRecord>>> next = waiting.entrySet().iterator(); next.hasNext();) {
                Map.Entry<String, List<SinkRecord>> topic = next.next();
                ensureIndex(topic.getKey());
                write(topic.getValue(), 0);
                awaitDeadLetters();
                next.remove();
            }
        } catch (OutageException e) {
            waiting.values().forEach(topic -> topic.removeIf(deadLettered::containsKey));
            awaitDeadLetters();
            throw e;
        }
    }

    /** The worker waits for them as well, but before it asks for the offsets of what was under way meanwhile. */
    private void awaitDeadLetters() {
        try {
            for (Future<Void> deadLetter : deadLettered.values()) {
                deadLetter.get();
            }
        } catch (ExecutionException e) {
            throw new ConnectException("can't set a record aside: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while records are set aside", e);
        }
        deadLettered.clear();
    }

    private void ensureIndex(String topic) {
        if (index != null) {
            try {
                index.ensure(topic);
            } catch (RuntimeException e) {
                throw unlessOutage(e);
            }
        }
    }

    /** @param races that a lone record has lost already */
    private void write(List<SinkRecord> records, int races) {
        Throwable refusal = attempt(records);
        List<SinkRecord> again = new ArrayList<>();
        for (SinkRecord record : records) {
            Throwable error = reported.getOrDefault(record, refusal);
            boolean taken = error != null && Fault.isIdTaken(error);
            if (error == null || index != null && taken) {
                continue;
            }
            boolean last = records.size() == 1 || error != refusal && !(error instanceof WriteSkippedException);
            if (last && (!taken || races == RACES)) {
                deadLetter(record, error);
            } else {
                again.add(record);
            }
        }
        if (again.isEmpty()) {
            return;
        }
        if (again.size() < records.size() || again.size() == 1) {
            write(again, again.size() < records.size() ? 0 : races + 1);
        } else {
            // One of them makes the driver refuse all: which, shows when they are fewer.
            int half = again.size() / 2;
            write(again.subList(0, half), 0);
            write(again.subList(half, again.size()), 0);
        }
    }

    /**
     * Writes with the connector's task and leaves in {@link #reported} what concerns single records.
     *
     * @return why the driver refused the records altogether, or null
     */
    private Throwable attempt(List<SinkRecord> records) {
        reported.clear();
        Throwable refusal = null;
        try {
            super.put(records);
        } catch (RuntimeException e) {
            if (Fault.of(e) != Fault.RECORD) {
                throw unlessOutage(e);
            }
            refusal = e.getCause() == null ? e : e.getCause();
        }
        for (Throwable error : reported.values()) {
            if (!(error instanceof WriteSkippedException) && Fault.of(error) != Fault.RECORD) {
                throw unlessOutage(error);
            }
        }
        return refusal;
    }

    private void deadLetter(SinkRecord record, Throwable error) {
        ErrantRecordReporter reporter = context.errantRecordReporter();
        if (reporter == null) {
            throw new ConnectException("can't write " + origin(record) + "@" + record.originalKafkaOffset(), error);
        }
        deadLettered.put(record, reporter.report(record, error));
    }

    private static RuntimeException unlessOutage(Throwable error) {
        if (Fault.of(error) == Fault.OUTAGE) {
            return new OutageException(error);
        }
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return new ConnectException("MongoDB refuses what the sink asks: " + cause.getMessage(), cause);
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
        if (!waiting.isEmpty()) {
            context.pause(partitions.toArray(TopicPartition[]::new));
        }
    }

    /** Another task begins with what was not committed. */
    @Override
    public void close(Collection<TopicPartition> partitions) {
        finish();
        waiting.values().forEach(topic -> topic.removeIf(record -> partitions.contains(origin(record))));
        waiting.values().removeIf(List::isEmpty);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        finish();
        Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>(offsets);
        waiting.values().forEach(topic -> topic.forEach(record -> written.computeIfPresent(origin(record),
                (partition, offset) -> offset.offset() <= record.originalKafkaOffset() ? offset
                        : new OffsetAndMetadata(record.originalKafkaOffset()))));
        return written;
    }

    private static TopicPartition origin(SinkRecord record) {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    @Override
    public void stop() {
        writer.shutdownNow();
        if (away) {
            Outages.forget(connector);
        }
        try {
            super.stop();
        } finally {
            if (index != null) {
                index.close();
            }
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

    private static final class OutageException extends RuntimeException {

        OutageException(Throwable error) {
            super((error.getCause() == null ? error : error.getCause()).getMessage(), error);
        }
    }
}
