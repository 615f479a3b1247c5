package org.charla.streams;

import java.util.Set;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Stands before all other steps, which run within its {@code forward}: what fails there, failed at this record. Where
 * that is worth another try, the thread abandons what it did since its last commit and starts again from there,
 * instead of dying of it.
 */
final class PoisonGuard extends ContextualFixedKeyProcessor<byte[], byte[], byte[]> {

    private final Suspects suspects;

    PoisonGuard(Suspects suspects) {
        this.suspects = suspects;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        RecordMetadata metadata = context().recordMetadata().orElseThrow();
        Source source = new Source(metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
        Attempt attempt = suspects.attempt();
        attempt.take(source);
        try {
            context().forward(record);
        } catch (TaskMigratedException | TaskCorruptedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Once a send has failed, everything fails: that is not this record's fault.
            boolean startsAgain = attempt.hasFailed() ? attempt.outcome() == Attempt.Outcome.STARTS_AGAIN
                    : suspects.startsAgain(source, "processing", e);
            if (startsAgain) {
                if (attempt.outcome() == Attempt.Outcome.OPEN) {
                    attempt.set(Attempt.Outcome.STARTS_AGAIN);
                }
                throw new TaskCorruptedException(Set.of(context().taskId()));
            }
            throw e;
        } finally {
            attempt.take(null);
        }
    }
}
