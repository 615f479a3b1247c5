package org.charla.client.chat;

import org.charla.protocol.ChannelMessage;

/**
 * A message and its place in its channel.
 *
 * @param position the offset in the channel's topic: increasing, not consecutive
 */
public record PlacedMessage(long position, ChannelMessage message) {
}
