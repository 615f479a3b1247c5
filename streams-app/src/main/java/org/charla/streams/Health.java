package org.charla.streams;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether the pipeline does its work. That its state is RUNNING is not enough: it also has to get on where there is
 * something to do. Thread-safe.
 */
final class Health {

    /** With work to do and no progress for so long, the app is not ready. */
    static final Duration NOT_READY_AFTER = Duration.ofSeconds(30);

    /** With work to do, a cluster that answers, and no progress for so long, only a restart can help. */
    static final Duration NOT_LIVE_AFTER = Duration.ofMinutes(5);

    /**
     * What was seen at one moment.
     *
     * @param running whether the state is RUNNING
     * @param reachable whether the cluster answers
     * @param lag raw records that are there and not processed
     * @param processed records processed since the start
     * @param wrongTopic why the pipeline can't work with its topics as they are, in a sentence
     * @param heldBack the transaction that has been open too long and that readers wait for
     */
    record Sample(boolean running, boolean reachable, long lag, long processed,
            Optional<String> wrongTopic, Optional<StableOffsets.Behind> heldBack) {
    }

    private Sample last = new Sample(false, false, 0, 0, Optional.empty(), Optional.empty());
    private long progressAt;

    /** @param startMs the time of the start; this and all times in milliseconds of one monotonic clock */
    Health(long startMs) {
        progressAt = startMs;
    }

    synchronized void observe(Sample sample, long nowMs) {
        boolean progress = sample.running && (sample.lag == 0 || sample.processed != last.processed);
        // While the cluster is away, or keeps from the app what it reads before it runs, a restart is of no help.
        boolean isKeptFromRunning =
                !sample.reachable || !sample.running && (sample.heldBack.isPresent() || sample.wrongTopic.isPresent());
        if (progress || isKeptFromRunning) {
            progressAt = nowMs;
        }
        last = sample;
    }

    /** Why messages that are sent now won't be with their readers soon, in a sentence; empty when they will. */
    synchronized Optional<String> objection(long nowMs) {
        long stillMs = nowMs - progressAt;
        if (!last.reachable) {
            return Optional.of("Kafka does not answer.");
        }
        // What may also be why it does not run yet: it reads its changelogs first.
        if (last.wrongTopic.isPresent()) {
            return last.wrongTopic;
        }
        if (last.heldBack.isPresent()) {
            return last.heldBack.map(StableOffsets.Behind::toString);
        }
        if (!last.running) {
            return Optional.of("The pipeline does not run.");
        }
        return stillMs < NOT_READY_AFTER.toMillis() ? Optional.empty()
                : Optional.of("%d events wait, and none was processed for %d s.".formatted(last.lag, stillMs / 1_000));
    }

    /** False where a restart is the only hope. */
    synchronized boolean isLive(long nowMs) {
        return nowMs - progressAt < NOT_LIVE_AFTER.toMillis();
    }

    synchronized Sample last() {
        return last;
    }
}
