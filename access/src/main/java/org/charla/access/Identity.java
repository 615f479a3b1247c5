package org.charla.access;

import java.util.List;
import java.util.Optional;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;

/** Who writes: a user id, and the key that signs for it. Immutable and thread-safe. */
public final class Identity {

    private final String userId;
    private final UserKey key;
    private final RecordSigner signer;

    /** @param realm the cluster's {@code signatures.realm} */
    public Identity(String userId, SigningKey key, String realm) {
        this.userId = userId;
        this.key = key.publicKey();
        this.signer = new RecordSigner(key, realm, Topics.RAW);
    }

    public String userId() {
        return userId;
    }

    /** What the signatures are verified by. */
    public UserKey key() {
        return key;
    }

    /** Signs this user's events. */
    public RecordSigner signer() {
        return signer;
    }

    /** Whether somebody claimed the id by other keys than this one. */
    public boolean isAnothers(Optional<UserProfile> known) {
        List<String> keys = keysOf(known);
        return !keys.isEmpty() && !keys.contains(key.toString());
    }

    /**
     * A profile of this user that claims the id where nobody has. Where somebody has, it leaves the keys as they are:
     * there may be more than this one.
     *
     * @param known what {@link Topics#USERS} says of the user
     */
    public RawEvent.Profile claiming(RawEvent.Profile profile, Optional<UserProfile> known) {
        return keysOf(known).isEmpty() ? withKeys(profile, List.of(key.toString())) : profile;
    }

    /** The same profile with these keys. */
    public static RawEvent.Profile withKeys(RawEvent.Profile profile, List<String> keys) {
        return new RawEvent.Profile(
                profile.messageId(), profile.userId(), profile.displayName(), keys, profile.sentAt());
    }

    /** The keys that claim an id; none where nobody has claimed it. */
    public static List<String> keysOf(Optional<UserProfile> known) {
        return known.map(UserProfile::keys).orElse(List.of());
    }
}
