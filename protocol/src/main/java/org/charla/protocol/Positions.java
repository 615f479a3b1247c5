package org.charla.protocol;

/**
 * Positions in a channel, which go on where its topic is deleted and made anew, or all of Kafka is lost while MongoDB is
 * kept: a position is the offset in the topic and that topic's base. Which topics there were, MongoDB notes.
 */
public final class Positions {

    /** MongoDB's collection of the topics that channels have had, with their bases; by the topics' name. */
    public static final String NOTES = "chat.topics";

    /** More than any topic has offsets: whatever anybody saw of a topic stands before all of the next one. */
    public static final long STEP = 1_000_000_000_000L;

    private Positions() {
    }

    /**
     * Where the positions of a topic begin.
     *
     * @param former how many topics the channel has had before
     */
    public static long base(int former) {
        return Math.multiplyExact(former, STEP);
    }
}
