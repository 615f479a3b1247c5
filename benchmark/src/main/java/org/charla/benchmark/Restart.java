package org.charla.benchmark;

import java.nio.file.Path;
import java.time.Duration;

/** How long an instance takes that remembers a backlog: from its start to the first commit of what was sent meanwhile. */
final class Restart {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int SENT_MEANWHILE = 10;

    private Restart() {
    }

    static Duration measure(Contender contender, Backlog backlog, Path work) throws Exception {
        try (Run run = new Run(contender, Contender.Aim.LATENCY, backlog, work)) {
            run.start().await("is through", LIMIT, () -> run.progress().done() >= backlog.events());
            run.process().terminate(LIMIT);
            Backlog.fill(run.bootstrapServers(), backlog.workload(), backlog.events(),
                    backlog.events() + SENT_MEANWHILE);
            long started = System.nanoTime();
            run.start().await("goes on", LIMIT, () -> run.progress().done() > backlog.events());
            return Duration.ofNanos(System.nanoTime() - started);
        }
    }
}
