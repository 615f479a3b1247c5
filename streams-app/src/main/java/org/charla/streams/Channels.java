package org.charla.streams;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RetriableException;

/** The channels' topics in the cluster. Implementations are safe for use by several stream threads at once. */
interface Channels {

    /** Whether the channel's topic is known to exist and to take every message; answers from memory. */
    boolean exists(String channel);

    /** The channels that are known to exist: a view. */
    Set<String> names();

    /**
     * Finds the channel's topic in the cluster, or makes it. Takes a bounded time, whatever the cluster does, and bounds
     * what all calls together take.
     *
     * @param objection asked once, and only if no such topic is known: a reason not to make it, or empty
     * @return empty when the topic can be written to, otherwise why not, in one sentence for a person
     * @throws RetriableException if no broker answers at all
     */
    Optional<String> open(String channel, Supplier<Optional<String>> objection);

    /** Tells that the cluster refused a message to the channel for a reason that does not pass by itself. */
    void suspect(String channel, Exception refusal);
}
