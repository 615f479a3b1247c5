package org.charla.protocol;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which message is meant: {@code <userId>:<messageId>}. Unambiguous, since a message id holds no colon, while a user id may.
 */
public record MessageRef(String userId, String messageId) {

    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** What a text refers to; empty where it is not made of a valid user id and a valid message id. */
    public static Optional<MessageRef> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        MessageRef ref = new MessageRef(text.substring(0, colon), text.substring(colon + 1));
        return EventRules.isUserId(ref.userId) && isMessageId(ref.messageId) ? Optional.of(ref) : Optional.empty();
    }

    /** Whether this is a legal message id: 1 to 64 of {@code A-Z a-z 0-9 _ -}. */
    static boolean isMessageId(String messageId) {
        return MESSAGE_ID.matcher(messageId).matches();
    }

    @Override
    public String toString() {
        return ChannelRecord.id(userId, messageId);
    }
}
