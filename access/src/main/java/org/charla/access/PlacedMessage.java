package org.charla.access;

import org.charla.protocol.ChannelMessage;

/**
 * A message and its place in its channel.
 *
 * @param position the offset in the channel's topic: increasing, not consecutive
 */
public record PlacedMessage(long position, ChannelMessage message) {

    /** What a text begins with that tells what its author does, as people are used to from IRC. */
    public static final String ACTION = "/me ";

    /** Whether the author does something rather than says it. */
    public boolean isAction() {
        return message.text().startsWith(ACTION);
    }

    /** What is said, or done. */
    public String said() {
        return isAction() ? message.text().substring(ACTION.length()) : message.text();
    }
}
