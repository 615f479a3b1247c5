package org.charla.access;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/** The users that have a profile, read from their compacted topic. */
public final class ExistingUsers {

    private final CompactedTopic<UserProfile> topic;

    public ExistingUsers(KafkaAccess kafka) {
        // A profile that is sent once more than needed, where one can't be read, does no harm.
        this.topic = new CompactedTopic<>(kafka, Topics.USERS, Wire::readUserProfile, UserProfile::userId);
    }

    /** All of them by their ids, as of now. */
    public Map<String, UserProfile> all() {
        return topic.all();
    }

    /** The one of this id, as of now. */
    public Optional<UserProfile> find(String userId) {
        return topic.find(userId);
    }

    /**
     * Waits until a user has become what is wanted.
     *
     * @param wanted is asked of each state of the user, and every now and then of the last one; empty: no such user
     * @return whether that is so; otherwise the time is over
     */
    public boolean await(String userId, Predicate<Optional<UserProfile>> wanted, Duration timeout) {
        return topic.await(userId, wanted, timeout);
    }
}
