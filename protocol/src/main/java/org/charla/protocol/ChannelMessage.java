package org.charla.protocol;

/**
 * An accepted message, as it stands in its channel's topic.
 *
 * @param sentAt when the client says that it was sent, in epoch milliseconds
 * @param acceptedAt the timestamp of the raw record, in epoch milliseconds
 */
public record ChannelMessage(
        String messageId, String channel, Author author, String text, long sentAt, long acceptedAt) {

    /**
     * Who wrote it, under the name that was theirs at that moment.
     *
     * @param verified whether the event was signed by a key of this user
     */
    public record Author(String userId, String displayName, boolean verified) {

        /** Anybody who says so. */
        public Author(String userId, String displayName) {
            this(userId, displayName, false);
        }
    }

    /**
     * The message's identity, {@code <userId>:<messageId>}: record key and MongoDB {@code _id}. Unambiguous, since a
     * message id holds no colon.
     */
    public String id() {
        return id(author.userId(), messageId);
    }

    /** The identity of the message that this user sent under this message id. */
    public static String id(String userId, String messageId) {
        return userId + ':' + messageId;
    }
}
