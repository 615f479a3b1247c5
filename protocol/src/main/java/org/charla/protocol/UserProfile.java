package org.charla.protocol;

/**
 * A user, as in {@link Topics#USERS}.
 *
 * @param updatedAt the timestamp of the raw record that it comes from, in epoch milliseconds
 */
public record UserProfile(String userId, String displayName, long updatedAt) {
}
