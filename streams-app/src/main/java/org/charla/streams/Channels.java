package org.charla.streams;

import java.util.Optional;
import java.util.function.Supplier;

/** The channels' topics in the cluster. Implementations are safe for use by several stream threads at once. */
interface Channels {

    /** Whether the channel's topic is known to exist and may be written to; answers from memory. */
    boolean exists(String channel);

    /** How many channels are known to exist. */
    int count();

    /**
     * Finds the channel's topic in the cluster, or makes it. Takes a bounded time, whatever the cluster does.
     *
     * @param objection asked once, and only if there is no such topic: a reason not to make it, or empty
     * @return empty when the topic can be written to, otherwise why not, in one sentence for a person
     */
    Optional<String> open(String channel, Supplier<Optional<String>> objection);
}
