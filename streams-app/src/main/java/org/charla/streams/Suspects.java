package org.charla.streams;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backstop behind all rules: knows the raw records at which the pipeline failed for a reason that does not pass by
 * itself, so that one that was tried twice is refused instead of failing for ever. A record counts only where it is
 * certain which one it was: {@link PoisonGuard} sees what fails while a record is processed, {@link BlamingProducer}
 * what fails when its results are sent. Thread-safe; shared by all stream threads, since a task moves between them.
 */
final class Suspects {

    private static final Logger log = LoggerFactory.getLogger(Suspects.class);

    private static final int TRIES = 2;
    private static final int REMEMBERED = 10_000;
    private static final int MAX_CAUSES = 20;

    /** Troubles of the app, its state or its standing in the cluster: no other record would fare better. */
    private static final List<Class<? extends Throwable>> NO_RECORDS_FAULT = List.of(
            ApplicationRecoverableException.class, OutOfOrderSequenceException.class, UnknownProducerIdException.class,
            TransactionAbortableException.class, TransactionAbortedException.class, InvalidTxnStateException.class,
            AuthenticationException.class, ClusterAuthorizationException.class, GroupAuthorizationException.class,
            TransactionalIdAuthorizationException.class, UnsupportedVersionException.class, InterruptException.class,
            ProcessorStateException.class, InvalidStateStoreException.class, LockException.class,
            OutOfMemoryError.class, LinkageError.class);

    private record Suspicion(int failures, String reason) {
    }

    /** The oldest are forgotten: a record that was processed or refused never comes again. */
    private final Map<Source, Suspicion> suspicions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Suspicion> eldest) {
            return size() > REMEMBERED;
        }
    };
    /** Hardly ever: asked for each record, without a lock. */
    private volatile boolean anySuspicion;
    private final ThreadLocal<Attempt> attempts = ThreadLocal.withInitial(Attempt::new);

    /** What the calling stream thread does between two commits. */
    Attempt attempt() {
        return attempts.get();
    }

    /** Why a record is to be refused at which the pipeline failed twice; empty for any other. */
    Optional<String> verdict(Source source) {
        if (!anySuspicion) {
            return Optional.empty();
        }
        Suspicion suspicion;
        synchronized (this) {
            suspicion = suspicions.get(source);
        }
        return suspicion == null || suspicion.failures < TRIES ? Optional.empty() : Optional.of(suspicion.reason);
    }

    /**
     * Judges a failure and remembers it where the record is to blame.
     *
     * @param source the record that was being processed or whose result was sent; null where there is none
     * @param where what failed
     * @return whether the tasks are to start again from their last commit: because Kafka is away, or because the record
     *     is tried once more or refused next time; false where that would not help
     */
    synchronized boolean startsAgain(Source source, String where, Throwable error) {
        if (isCausedBy(error, List.of(RetriableException.class))) {
            return true;
        }
        if (source == null || isCausedBy(error, NO_RECORDS_FAULT)) {
            return false;
        }
        Suspicion before = suspicions.get(source);
        int failures = before == null ? 1 : before.failures + 1;
        log.error("{} failed at {}, time {} of {}", where, source, failures, TRIES, error);
        if (failures > TRIES) {
            // Even the rejection fails.
            return false;
        }
        anySuspicion = true;
        suspicions.put(source, new Suspicion(failures, "The pipeline failed twice at this record (" + where + ": "
                + rootOf(error).getClass().getSimpleName() + "); its log says more."));
        return true;
    }

    private static boolean isCausedBy(Throwable error, List<Class<? extends Throwable>> kinds) {
        return causes(error).anyMatch(cause -> kinds.stream().anyMatch(kind -> kind.isInstance(cause)));
    }

    private static Throwable rootOf(Throwable error) {
        return causes(error).reduce(error, (outer, inner) -> inner);
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES);
    }
}
