package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.charla.protocol.RawEvent;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * What is remembered of a user id. Who removed their profile keeps the id: the keys stay.
 *
 * @param profile empty where there is none, or no longer
 * @param keys the keys of whoever claimed the id, as {@code UserKey} writes them; empty where nobody did
 */
record User(Optional<UserProfile> profile, List<String> keys) {

    /** Of whom nothing is known. */
    static final User UNKNOWN = new User(Optional.empty(), List.of());

    private static final String BETWEEN_KEYS = " ";

    private static User of(UserProfile profile) {
        return new User(Optional.of(profile), profile.keys());
    }

    /** What an accepted event of theirs makes of them. */
    User after(RawEvent event, long timestamp) {
        return switch (event.type()) {
            case PROFILE -> {
                RawEvent.Profile given = (RawEvent.Profile) event;
                List<String> keysFromNowOn = given.keys().isEmpty() ? keys : given.keys();
                yield of(new UserProfile(given.userId(), given.displayName(), keysFromNowOn, timestamp));
            }
            case PROFILE_REMOVAL -> new User(Optional.empty(), keys);
            case MESSAGE, EDIT, DELETION, REACTION, RULE -> this;
        };
    }

    /**
     * In the store a user is their profile as {@code chat.users} has it, or where that is removed, the keys alone. Null
     * stands for {@link #UNKNOWN}.
     */
    static Serde<User> serde() {
        Serde<UserProfile> profiles = Wire.userProfileSerde();
        return Serdes.serdeFrom(
                (topic, user) -> user == null || user.equals(UNKNOWN) ? null : user.profile()
                        .map(profile -> profiles.serializer().serialize(topic, profile))
                        .orElseGet(() -> String.join(BETWEEN_KEYS, user.keys()).getBytes(UTF_8)),
                (topic, bytes) -> bytes == null ? null : bytes.length > 0 && bytes[0] == '{'
                        ? of(profiles.deserializer().deserialize(topic, bytes))
                        : new User(Optional.empty(), List.of(new String(bytes, UTF_8).split(BETWEEN_KEYS))));
    }
}
