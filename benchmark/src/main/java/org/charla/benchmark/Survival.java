package org.charla.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.charla.testing.ChildProcess;

/**
 * What a contender must pass before its figures count: killed with SIGKILL in the middle of a backlog and started again,
 * it has to deliver what {@link Verification} asks for.
 */
final class Survival {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private Survival() {
    }

    /** Returns what was wrong; empty where nothing was. */
    static List<String> faults(Contender contender, Backlog backlog, Path work) throws Exception {
        try (Run run = new Run(contender, Contender.Aim.THROUGHPUT, backlog, work)) {
            Progress progress = run.progress();
            ChildProcess first = run.start();
            first.await("is through a third", LIMIT, () -> progress.done() >= backlog.events() / 3);
            first.kill();
            ChildProcess second = run.start();
            second.await("is through", LIMIT, () -> progress.done() >= backlog.events() && progress.isSettled());
            second.kill();
            return Verification.faults(run.bootstrapServers(), backlog.workload(), backlog.events(),
                    contender.isExactlyOnce());
        }
    }
}
