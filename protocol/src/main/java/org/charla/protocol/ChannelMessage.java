package org.charla.protocol;

import java.util.Optional;

/**
 * An accepted message, as it stands in its channel's topic.
 *
 * @param replyTo the message that it answers, as {@link MessageRef} writes it, whether there is one or not
 */
public record ChannelMessage(
        String messageId, String channel, Author author, String text, Optional<String> replyTo, long sentAt,
        long acceptedAt) implements ChannelRecord {

    /** One that answers nothing. */
    public ChannelMessage(
            String messageId, String channel, Author author, String text, long sentAt, long acceptedAt) {
        this(messageId, channel, author, text, Optional.empty(), sentAt, acceptedAt);
    }

    @Override
    public RawEvent.Type type() {
        return RawEvent.Type.MESSAGE;
    }
}
