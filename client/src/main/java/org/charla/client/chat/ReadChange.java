package org.charla.client.chat;

/**
 * What a person does that is to be known the next time. Several chats of the same person tell theirs independently of
 * each other: {@link ReadMarks} says what comes of it.
 */
public sealed interface ReadChange {

    String channel();

    /** The channel is open from now on. */
    record Opened(String channel) implements ReadChange {
    }

    /** The channel is not open any more. */
    record Closed(String channel) implements ReadChange {
    }

    /**
     * All in front of a position has been seen.
     *
     * @param at when, in epoch milliseconds
     */
    record Seen(String channel, long position, long at) implements ReadChange {
    }

    /**
     * The channel's topic was made anew: positions have begun again.
     *
     * @param end where it ended when that was found out
     * @param at when that was, in epoch milliseconds
     */
    record Anew(String channel, long end, long at) implements ReadChange {
    }
}
