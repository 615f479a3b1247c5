package org.charla.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import org.charla.testing.ChildProcess;

/**
 * Messages a second of a backlog: from the moment at which a quarter of it is done, by when a JVM has compiled what it
 * runs, to the end. For the slow it is a part in between: some time after the first events, and for some time.
 */
final class Throughput {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    /** Of the limit, for those that are not through a quarter of the backlog by then. */
    private static final int WARM_UP_PART = 3;

    /**
     * @param perSecond   events a second
     * @param cpu         microseconds of processor time for each event: of the contender over all its life
     * @param brokerCpu   the same of the broker
     * @param firstAfter  until the first events were committed, from the start of the process
     * @param isWhole     whether it came to the end of the backlog
     */
    record Result(double perSecond, double cpu, double brokerCpu, Duration firstAfter, boolean isWhole) {
    }

    private Throughput() {
    }

    /** @param limit how long the part is measured at most */
    static Result measure(Contender contender, Backlog backlog, Path work, Duration limit) throws Exception {
        try (Run run = new Run(contender, Contender.Aim.THROUGHPUT, backlog, work)) {
            Progress progress = run.progress();
            long started = System.nanoTime();
            Duration brokerBefore = run.brokerCpu();
            ChildProcess process = run.start();
            process.await("commits its first events", START_LIMIT, () -> progress.done() > 0);
            Duration firstAfter = Duration.ofNanos(System.nanoTime() - started);
            long warm = System.nanoTime() + limit.dividedBy(WARM_UP_PART).toNanos();
            process.await("is through a quarter", limit.plus(START_LIMIT),
                    () -> progress.done() >= backlog.events() / 4 || System.nanoTime() > warm);
            long from = progress.done();
            long begun = System.nanoTime();
            long deadline = begun + limit.toNanos();
            process.await("is through", limit.plus(START_LIMIT),
                    () -> progress.done() >= backlog.events() || System.nanoTime() > deadline);
            long to = progress.done();
            return new Result((to - from) * 1e9 / (System.nanoTime() - begun), process.cpu().toNanos() / 1e3 / to,
                    run.brokerCpu().minus(brokerBefore).toNanos() / 1e3 / to, firstAfter,
                    to >= backlog.events());
        }
    }
}
