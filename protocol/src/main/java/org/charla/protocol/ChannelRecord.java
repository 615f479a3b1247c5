package org.charla.protocol;

import java.util.List;
import java.util.OptionalLong;

/** What stands in a channel's topic: its messages, what changed them, and what was ruled. */
public sealed interface ChannelRecord permits ChannelMessage, ChannelRecord.Edit, ChannelRecord.Deletion,
        ChannelRecord.Reaction, ChannelRecord.Rule {

    RawEvent.Type type();

    /** Chosen by the client, unique among its user's events. */
    String messageId();

    String channel();

    /** Whose event it is. */
    Author author();

    /** When the client says that it was sent, in epoch milliseconds. */
    long sentAt();

    /** The timestamp of the raw record, in epoch milliseconds. */
    long acceptedAt();

    /**
     * The record's identity, {@code <userId>:<messageId>}: record key, and of a message the MongoDB {@code _id}.
     * Unambiguous, since a message id holds no colon.
     */
    default String id() {
        return id(author().userId(), messageId());
    }

    /** The identity of what this user sent under this message id. */
    static String id(String userId, String messageId) {
        return userId + ':' + messageId;
    }

    /** The newest text of a message of the author's own. */
    record Edit(String messageId, String channel, Author author, String target, String text, long sentAt,
            long acceptedAt) implements ChannelRecord {
        @Override
        public RawEvent.Type type() {
            return RawEvent.Type.EDIT;
        }
    }

    /** The author, of the message or one who may, took a message back. */
    record Deletion(String messageId, String channel, Author author, String target, long sentAt, long acceptedAt)
            implements ChannelRecord {
        @Override
        public RawEvent.Type type() {
            return RawEvent.Type.DELETION;
        }
    }

    /**
     * What the author thinks of a message.
     *
     * @param reactions all of the author's on that message from now on; none where they are taken back
     */
    record Reaction(String messageId, String channel, Author author, String target, List<String> reactions, long sentAt,
            long acceptedAt) implements ChannelRecord {

        public Reaction {
            reactions = List.copyOf(reactions);
        }

        @Override
        public RawEvent.Type type() {
            return RawEvent.Type.REACTION;
        }
    }

    /**
     * The author changed what holds in the channel.
     *
     * @param until when a mute ends, in epoch milliseconds; empty is never
     */
    record Rule(String messageId, String channel, Author author, ChannelRule rule, String value, OptionalLong until,
            long sentAt, long acceptedAt) implements ChannelRecord {
        @Override
        public RawEvent.Type type() {
            return RawEvent.Type.RULE;
        }
    }
}
