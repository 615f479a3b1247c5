package org.charla.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a client writes to {@link Topics#RAW}. An event that came out of {@link EventRules} obeys the contract; one
 * that a client builds obeys it only if the pipeline says so.
 */
public sealed interface RawEvent {

    /** What kinds of events there are, under the names that they have in records. */
    enum Type {
        MESSAGE("message"),
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

    /** A text for a channel. */
    record Message(String messageId, String userId, String channel, String text, long sentAt) implements RawEvent {
        @Override
        public Type type() {
            return Type.MESSAGE;
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
