package org.charla.streams;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** What the cluster answers an admin client, which bounds the time that this takes. */
final class Answers {

    private Answers() {
    }

    /**
     * Waits for an answer.
     *
     * @throws KafkaException what the cluster answered instead
     */
    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** What the cluster answered instead, as an exception of Kafka's. */
    static KafkaException failure(ExecutionException error) {
        return error.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(error.getCause());
    }

    /** What went wrong, by the name that Kafka gives it. */
    static String nameOf(Throwable error) {
        return error.getClass().getSimpleName().replaceFirst("Exception$", "");
    }
}
