package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * A contender at work: with a broker, a load that goes on whatever happens, and a reader of all channels who sees each
 * message as soon as it is committed. For one thread.
 */
final class Live implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Run run;
    private final LiveReader reader;
    private final OpenLoop load;

    /** What the reader's thread is asked for. */
    private volatile Histogram histogram;
    private volatile long awaited = Long.MAX_VALUE;
    private volatile long arrivedAt;

    /**
     * Returns when the contender knows the users and the load has begun.
     *
     * @param topics a backlog of the users' profiles alone
     */
    Live(Contender contender, Contender.Aim aim, Backlog topics, double perSecond, Path work) throws Exception {
        run = new Run(contender, aim, topics, work);
        try {
            run.start().await("knows the users", START_LIMIT, () -> run.progress().done() >= topics.events());
            reader = new LiveReader(run.bootstrapServers(), topics.workload(), this::arrived);
            load = new OpenLoop(run.bootstrapServers(), topics.workload(), topics.events(), perSecond);
        } catch (Exception e) {
            run.close();
            throw e;
        }
    }

    private void arrived(long event, long nanos) {
        if (event >= awaited && arrivedAt == 0) {
            arrivedAt = nanos;
        }
        Histogram recorded = histogram;
        if (recorded != null) {
            recorded.recordValue(Math.max(0, nanos - load.intended(event)));
        }
    }

    /** Waits until something arrives that was sent from now on. */
    private long awaitArrival() throws IOException, InterruptedException {
        arrivedAt = 0;
        awaited = load.sent();
        run.process().await("delivers what is sent now", START_LIMIT, () -> arrivedAt != 0);
        return arrivedAt;
    }

    String bootstrapServers() {
        return run.bootstrapServers();
    }

    void goOn(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        run.process().await("goes on", time.plus(START_LIMIT), () -> System.nanoTime() >= end);
        awaitArrival();
    }

    /** Of what arrives meanwhile: nanoseconds from the moment at which it should have left its sender. */
    Histogram latencies(Duration time) throws IOException, InterruptedException {
        Histogram recorded = new ConcurrentHistogram(3);
        histogram = recorded;
        goOn(time);
        histogram = null;
        return recorded;
    }

    /** Kills the contender, starts it again, and measures how long nothing that was sent from then on arrives. */
    Duration recovery() throws IOException, InterruptedException {
        long killed = System.nanoTime();
        run.process().kill();
        run.start();
        return Duration.ofNanos(awaitArrival() - killed);
    }

    @Override
    public void close() throws IOException {
        load.close();
        reader.close();
        run.close();
    }
}
