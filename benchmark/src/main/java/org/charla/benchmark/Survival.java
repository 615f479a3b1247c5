package org.charla.benchmark;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a contender must pass before its figures count: killed with SIGKILL in the middle of a backlog and started again,
 * it has to deliver what {@link Verification} asks for.
 */
final class Survival {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private Survival() {
    }

    /** Returns what was wrong; empty where nothing was. */
    @SuppressWarnings("try") // What is beside it is only there.
    static List<String> faults(Contender contender, Backlog backlog, Path work) throws Exception {
        Path folder = work.resolve("run");
        Backlog.delete(folder);
        Path own = folder.resolve("contender");
        try (Broker broker = backlog.broker(folder.resolve("kafka"), work.resolve("broker.log"));
                Progress progress = new Progress(broker.bootstrapServers(), contender.group());
                Closeable beside = contender.startBeside(Files.createDirectories(own))) {
            ChildProcess first = contender.start(broker.bootstrapServers(), own, Contender.Aim.THROUGHPUT);
            try {
                first.await("is through a third", LIMIT, () -> progress.done() >= backlog.events() / 3);
            } finally {
                first.kill();
            }
            ChildProcess second = contender.start(broker.bootstrapServers(), own, Contender.Aim.THROUGHPUT);
            try {
                second.await("is through", LIMIT,
                        () -> progress.done() >= backlog.events() && progress.isSettled());
            } finally {
                second.kill();
            }
            return Verification.faults(broker.bootstrapServers(), backlog.workload(), backlog.events(),
                    contender.isExactlyOnce());
        } finally {
            Backlog.delete(folder);
        }
    }
}
