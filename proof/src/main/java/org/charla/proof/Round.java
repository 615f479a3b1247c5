package org.charla.proof;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A cluster from its start to the oracle's verdict: events are written while its parts are broken. */
final class Round {

    /** Seen from when a fault struck: what was broken by it shows within that. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(10);
    private static final long WINDOW_MS = Duration.ofHours(1).toMillis();
    private static final long SLACK_MS = 10_000;

    /**
     * What a round is made of.
     *
     * @param events how many are written, those of the prelude among them
     * @param perSecond how fast
     * @param faults how many
     * @param former the checkout that instances and workers begin with: another one, where there is an upgrade
     */
    record Plan(long seed, long events, int perSecond, int faults, List<Faults.Kind> kinds, int users, int channels,
            int brokers, int apps, int workers, Path former) {

        /** How many events of a user are let pass at once: more than all but one of them write. */
        int flood() {
            return (int) Math.max(300, 10 * events / users);
        }
    }

    /** A fault, and what the probe saw of it. */
    record Felt(Faults.Done fault, Duration writersPause, Duration readersPause, Duration recovery) {
    }

    /**
     * What came of it.
     *
     * @param restartedTasks tasks of connectors that had to be restarted by hand
     * @param endedByThemselves parts that ended though nobody broke them
     * @param writing how long events were written
     * @param lasting how long the whole round took
     */
    record Result(Plan plan, Tally tally, Findings findings, List<Felt> faults, List<String> skipped, String ledger,
            Duration writersPause, Duration readersPause, int restartedTasks, int endedByThemselves, Duration writing,
            Duration lasting) {

        int kills() {
            return faults.stream().mapToInt(felt -> felt.fault().kills()).sum();
        }
    }

    private Round() {
    }

    /** @param folder for all that it writes; empty */
    static Result run(Plan plan, Path folder) throws Exception {
        long start = System.nanoTime();
        Files.createDirectories(folder);
        System.out.println("seed " + plan.seed() + ": " + plan.events() + " events, " + plan.faults() + " faults");
        ExecutorService writing = Executors.newSingleThreadExecutor();
        try (Ledger ledger = new Ledger(folder.resolve("ledger"));
                Cluster cluster = new Cluster(folder.resolve("cluster"), plan.brokers(), plan.apps(), plan.workers(),
                        plan.flood(), plan.former())) {
            Archive archive = new Archive(folder.resolve("archive"));
            Generator generator = new Generator(plan.seed(), plan.users(), plan.channels(), System::currentTimeMillis);
            try (Writer writer = new Writer(cluster.bootstrapServers(), ledger);
                    Probe probe = new Probe(cluster.bootstrapServers(), ledger);
                    Faults faults = new Faults(cluster, archive, ledger, plan.former(), plan.seed(), plan.kinds())) {
                System.out.printf("  the cluster runs after %.1f s%n", (System.nanoTime() - start) / 1e9);
                long writingSince = System.nanoTime();
                writer.write(generator, generator.prelude(), plan.perSecond());
                probe.awaitFirst();
                long breakingSince = System.nanoTime();
                long left = Math.max(0, plan.events() - generator.prelude());
                Future<?> written = writing.submit(() -> {
                    writer.write(generator, left, plan.perSecond());
                    writer.settle();
                    return null;
                });
                faults.run(plan.faults(), Duration.ofSeconds(left / plan.perSecond()));
                written.get(1, TimeUnit.HOURS);
                Duration wroteFor = Duration.ofNanos(System.nanoTime() - writingSince);
                System.out.printf("  written after %.1f s; %s%n", wroteFor.toMillis() / 1e3, ledger);
                probe.stopSending();
                Drain drain = new Drain(cluster);
                String stuck = null;
                try {
                    drain.await();
                } catch (TimeoutException e) {
                    stuck = e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause());
                }
                long end = System.nanoTime();
                System.out.printf("  through after %.1f s more%n",
                        (end - writingSince) / 1e9 - wroteFor.toMillis() / 1e3);
                List<Felt> felt = new ArrayList<>();
                for (Faults.Done one : faults.done()) {
                    long to = one.to() + AFTERMATH;
                    felt.add(new Felt(one, probe.writersPause(one.from(), to), probe.readersPause(one.from(), to),
                            probe.recovery(one.from(), to)));
                }
                Duration readersPause = probe.readersPause(breakingSince, end);
                Oracle oracle;
                Findings findings;
                try (KafkaLogs logs = new KafkaLogs(cluster.bootstrapServers(), archive)) {
                    oracle = new Oracle(logs, cluster.documents(), ledger, new Oracle.Settings(
                            WINDOW_MS, 2 * readersPause.toMillis() + SLACK_MS, plan.flood()));
                    findings = oracle.judge();
                }
                if (stuck != null) {
                    findings.add(Findings.Kind.STUCK, stuck);
                }
                Result result = new Result(plan, oracle.tally(), findings, felt, faults.skipped(), ledger.toString(),
                        probe.writersPause(breakingSince, end), readersPause, drain.restartedTasks(),
                        faults.endedByThemselves(), wroteFor, Duration.ofNanos(System.nanoTime() - start));
                System.out.printf("  judged after %.1f s; %s%n  worst pause of a writer %d ms, of a reader %d ms%n%s%n",
                        result.lasting().toMillis() / 1e3, result.tally(), result.writersPause().toMillis(),
                        readersPause.toMillis(), findings.isEmpty() ? "  nothing is wrong" : findings);
                return result;
            }
        } finally {
            writing.shutdownNow();
        }
    }
}
