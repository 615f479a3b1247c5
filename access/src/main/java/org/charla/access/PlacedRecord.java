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

    /** The id of the message that it is about; empty where it is about none. */
    public Optional<String> target() {
        if (record instanceof ChannelRecord.Edit edit) {
            return Optional.of(edit.target());
        }
        if (record instanceof ChannelRecord.Deletion deletion) {
            return Optional.of(deletion.target());
        }
        return record instanceof ChannelRecord.Reaction reaction ? Optional.of(reaction.target()) : Optional.empty();
    }

    /** Whether it takes reactions back, and leaves none. */
    public boolean takesBack() {
        return record instanceof ChannelRecord.Reaction reaction && reaction.reactions().isEmpty();
    }
}
