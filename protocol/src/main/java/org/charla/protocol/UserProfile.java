package org.charla.protocol;

import java.util.List;

/**
 * A user, as in {@link Topics#USERS}.
 *
 * @param keys the keys that the user signs with, as {@code UserKey} writes them; empty where nobody claimed the id
 * @param updatedAt the timestamp of the raw record that it comes from, in epoch milliseconds
 */
public record UserProfile(String userId, String displayName, List<String> keys, long updatedAt) {

    public UserProfile {
        keys = List.copyOf(keys);
    }

    /** One of an id that nobody claimed. */
    public UserProfile(String userId, String displayName, long updatedAt) {
        this(userId, displayName, List.of(), updatedAt);
    }
}
