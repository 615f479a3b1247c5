package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.charla.testing.ChildProcess;

/** Processor time while nobody speaks, in per cent of a core. */
final class Idle {

    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** Of the contender and of the broker. */
    record Result(double own, double broker) {
    }

    private Idle() {
    }

    static Result measure(Contender contender, Backlog backlog, Path work) throws Exception {
        try (Run run = new Run(contender, Contender.Aim.LATENCY, backlog, work)) {
            run.start().await("is through", START_LIMIT, () -> run.progress().done() >= backlog.events());
            rest(run.process(), SETTLING);
            Duration own = run.process().cpu();
            Duration broker = run.brokerCpu();
            rest(run.process(), TIME);
            return new Result(percent(own, run.process().cpu()), percent(broker, run.brokerCpu()));
        }
    }

    /** The whole of {@code ./charla standalone}. */
    static double standalone(Backlog backlog, Path work) throws Exception {
        try (Standalone standalone = new Standalone(backlog, work)) {
            rest(standalone.process(), SETTLING);
            Duration before = standalone.process().cpu();
            rest(standalone.process(), TIME);
            return percent(before, standalone.process().cpu());
        }
    }

    /** Each part as a container runs it, by its name. */
    static Map<String, Double> parts(Backlog backlog, Path work) throws Exception {
        try (Parts parts = new Parts(backlog, work)) {
            rest(parts.streamsApp(), SETTLING);
            Map<String, Duration> before = parts.cpu();
            rest(parts.streamsApp(), TIME);
            Map<String, Double> all = new LinkedHashMap<>();
            parts.cpu().forEach((part, after) -> all.put(part, percent(before.get(part), after)));
            return all;
        }
    }

    private static void rest(ChildProcess process, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        process.await("rests", time.plus(START_LIMIT), () -> System.nanoTime() >= end);
    }

    private static double percent(Duration before, Duration after) {
        return 100.0 * after.minus(before).toNanos() / TIME.toNanos();
    }
}
