package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.charla.testing.Checkout;

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
        Path folder = work.resolve("run");
        Backlog.delete(folder);
        try {
            backlog.broker(folder.resolve("data/kafka"), work.resolve("broker.log")).close();
            Path log = Files.createFile(folder.resolve("log"));
            ChildProcess process = ChildProcess.start(log, Map.of(), List.of(Checkout.HOME.resolve("charla").toString(),
                    "standalone", "--no-chat", "--data-dir", folder.resolve("data").toString(),
                    "--kafka-port", "0", "--connect-port", "0", "--mongodb-port", "0"));
            try {
                process.await("is ready", START_LIMIT, () -> Files.readString(log).contains("ready: "));
                rest(process, SETTLING);
                Duration before = process.cpu();
                rest(process, TIME);
                return percent(before, process.cpu());
            } finally {
                process.terminate(START_LIMIT);
            }
        } finally {
            Backlog.delete(folder);
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
