package org.charla.access;

import java.util.Optional;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;

/**
 * A record of a channel and its place there.
 *
 * @param position the offset in the channel's topic: increasing, not consecutive
 */
public record PlacedRecord(long position, ChannelRecord record) {

    /** The message that it is, as it was sent; empty where it is something else. */
    public Optional<PlacedMessage> message() {
        return record instanceof ChannelMessage message
                ? Optional.of(new PlacedMessage(position, message)) : Optional.empty();
    }
}
