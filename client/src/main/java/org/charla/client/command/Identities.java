package org.charla.client.command;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.charla.access.Identity;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;

/** Whom the person can speak as: nobody whose id somebody else has claimed. */
final class Identities {

    private final KeyFolder keys;
    private final String realm;

    /** @param realm the cluster's {@code signatures.realm} */
    Identities(KeyFolder keys, String realm) {
        this.keys = keys;
        this.realm = realm;
    }

    /**
     * The person as this user, whose key is made where nobody has claimed the id.
     *
     * @param known what is known of the user
     * @return empty where somebody has, by other keys than the one that is here
     * @throws CommandFailure if keys can't be read or kept here
     */
    Optional<Identity> find(String userId, Optional<UserProfile> known) {
        return (Identity.keysOf(known).isEmpty() ? Optional.of(keys.obtain(userId)) : keys.find(userId))
                .map(key -> identity(userId, key))
                .filter(identity -> !identity.isAnothers(known));
    }

    /**
     * The same.
     *
     * @throws CommandFailure also if somebody else has claimed the id
     */
    Identity of(String userId, Optional<UserProfile> known) {
        return find(userId, known).orElseThrow(() -> new CommandFailure(userId + " belongs to whoever holds the key "
                + fingerprints(Identity.keysOf(known)) + ": choose another --user; if it is yours, charla identity show"
                + " --user " + userId + " says how to use it here"));
    }

    /** The person as this user with a key that is here, if there is one. */
    Optional<Identity> here(String userId) {
        return keys.find(userId).map(key -> identity(userId, key));
    }

    private Identity identity(String userId, SigningKey key) {
        try {
            return new Identity(userId, key, realm);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("signatures.realm is too long: " + e.getMessage(), e);
        }
    }

    /** Keys as people compare them. */
    static String fingerprints(List<String> keys) {
        return keys.stream().map(Identities::fingerprint).collect(Collectors.joining(" or "));
    }

    /** Of one key; where it is none that this version knows, itself. */
    static String fingerprint(String key) {
        return UserKey.parse(key).map(UserKey::fingerprint).orElse(key);
    }
}
