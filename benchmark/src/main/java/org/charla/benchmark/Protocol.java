package org.charla.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How often a second one thread can do each of {@link Operations}, and what it leaves to the garbage collector. */
final class Protocol {

    private static final int WARM_UP_ITERATIONS = 3;
    private static final int ITERATIONS = 5;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /**
     * One JVM's.
     *
     * @param perSecond operations a second
     * @param allocated bytes an operation
     */
    record Result(String operation, int repeat, double perSecond, double allocated) {
    }

    private Protocol() {
    }

    /**
     * Measures all operations.
     *
     * @param repeats how many JVMs each gets
     * @param iterationMs how long an iteration lasts
     */
    static List<Result> measure(int repeats, long iterationMs) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(iterationMs);
        List<Result> results = new ArrayList<>();
        for (RunResult run : new Runner(new OptionsBuilder().include("^" + Operations.class.getName() + "\\.")
                .mode(Mode.Throughput).timeUnit(TimeUnit.SECONDS).forks(repeats)
                .warmupIterations(WARM_UP_ITERATIONS).warmupTime(time)
                .measurementIterations(ITERATIONS).measurementTime(time)
                .addProfiler(GCProfiler.class).shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run()) {
            int repeat = 0;
            for (BenchmarkResult jvm : run.getBenchmarkResults()) {
                results.add(new Result(name(run.getParams()), ++repeat, jvm.getPrimaryResult().getScore(),
                        jvm.getSecondaryResults().get(ALLOCATED).getScore()));
            }
        }
        return results;
    }

    /** {@code writeRaw} as one says it. */
    private static String name(BenchmarkParams operation) {
        String method = operation.getBenchmark().substring(operation.getBenchmark().lastIndexOf('.') + 1);
        return method.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
