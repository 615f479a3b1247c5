package org.charla.client;

import org.charla.protocol.ChannelMessage;

/**
 * A message and its place in its channel.
 *
 * @param position the offset in the channel's topic: increasing, not consecutive
 */
record PlacedMessage(long position, ChannelMessage message) {
}
