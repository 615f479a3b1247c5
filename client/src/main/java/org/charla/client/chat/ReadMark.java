package org.charla.client.chat;

/**
 * How far a person has read a channel.
 *
 * @param position in front of which all has been seen; {@link #NOWHERE} where nothing is known of that
 * @param at when the person last saw it so, in epoch milliseconds; 0 where nothing is known of that
 * @param open whether the channel was open when the person left
 */
public record ReadMark(String channel, long position, long at, boolean open) {

    /** In front of everything. */
    public static final long NOWHERE = -1;
}
