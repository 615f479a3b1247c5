package org.charla.protocol;

/**
 * Who wrote a record of a channel, under the name that was theirs at that moment.
 *
 * @param verified whether the event was signed by a key of this user
 */
public record Author(String userId, String displayName, boolean verified) {

    /** Anybody who says so. */
    public Author(String userId, String displayName) {
        this(userId, displayName, false);
    }
}
