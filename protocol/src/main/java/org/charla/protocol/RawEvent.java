package org.charla.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a client writes to {@link Topics#RAW}. An event that came out of {@link EventRules} obeys the contract; one
 * that a client builds obeys it only if the pipeline says so.
 */
public sealed interface RawEvent {

    /** What kinds of events there are, under the names that they have in records. */
    enum Type {
        MESSAGE("message"),
        EDIT("edit"),
        DELETION("deletion"),
        REACTION("reaction"),
        RULE("rule"),
        PROFILE("profile"),
        PROFILE_REMOVAL("profile-removal");

        private static final Map<String, Type> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Type::wireName, type -> type));

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        /** Empty where there is no such type, or not yet. */
        public static Optional<Type> named(String wireName) {
            return Optional.ofNullable(BY_NAME.get(wireName));
        }
    }

    Type type();

    /** Chosen by the client, unique among its user's events: sent again, the event is a duplicate. */
    String messageId();

    /** The author; also the record's key. */
    String userId();

    /** When the client says that it was sent, in epoch milliseconds. */
    long sentAt();

    /** What is for a channel, and so needs an author with a profile, and the channel's leave. */
    sealed interface InChannel extends RawEvent {

        String channel();
    }

    /**
     * A text for a channel.
     *
     * @param replyTo the message that it answers, as {@link MessageRef} writes it; whether there is one, nobody judges
     */
    record Message(String messageId, String userId, String channel, String text, Optional<String> replyTo, long sentAt)
            implements InChannel {

        /** One that answers nothing. */
        public Message(String messageId, String userId, String channel, String text, long sentAt) {
            this(messageId, userId, channel, text, Optional.empty(), sentAt);
        }

        @Override
        public Type type() {
            return Type.MESSAGE;
        }
    }

    /**
     * The new text of a message.
     *
     * @param target one of the author's own, as {@link MessageRef} writes it
     */
    record Edit(String messageId, String userId, String channel, String target, String text, long sentAt)
            implements InChannel {
        @Override
        public Type type() {
            return Type.EDIT;
        }
    }

    /**
     * Takes a message back, for good.
     *
     * @param target as {@link MessageRef} writes it
     */
    record Deletion(String messageId, String userId, String channel, String target, long sentAt) implements InChannel {
        @Override
        public Type type() {
            return Type.DELETION;
        }
    }

    /**
     * What the author thinks of a message.
     *
     * @param target as {@link MessageRef} writes it
     * @param reactions all of the author's on that message from now on, an emoji each; none takes them back
     */
    record Reaction(
            String messageId, String userId, String channel, String target, List<String> reactions, long sentAt)
            implements InChannel {

        public Reaction {
            reactions = List.copyOf(reactions);
        }

        @Override
        public Type type() {
            return Type.REACTION;
        }
    }

    /**
     * Changes what holds in a channel.
     *
     * @param value as {@link ChannelRule} says
     * @param until when a mute ends, in epoch milliseconds; empty is never
     */
    record Rule(String messageId, String userId, String channel, ChannelRule rule, String value, OptionalLong until,
            long sentAt) implements InChannel {
        @Override
        public Type type() {
            return Type.RULE;
        }
    }

    /**
     * The name that a user goes by from now on.
     *
     * @param keys the keys that the user signs with from now on, as {@code UserKey} writes them; empty leaves them as
     *         they are
     */
    record Profile(String messageId, String userId, String displayName, List<String> keys, long sentAt)
            implements RawEvent {

        public Profile {
            keys = List.copyOf(keys);
        }

        /** One that leaves the keys as they are. */
        public Profile(String messageId, String userId, String displayName, long sentAt) {
            this(messageId, userId, displayName, List.of(), sentAt);
        }

        @Override
        public Type type() {
            return Type.PROFILE;
        }
    }

    /** Removes the user's profile: messages behind it are refused until there is a profile again. */
    record ProfileRemoval(String messageId, String userId, long sentAt) implements RawEvent {
        @Override
        public Type type() {
            return Type.PROFILE_REMOVAL;
        }
    }
}
