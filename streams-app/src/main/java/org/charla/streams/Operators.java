package org.charla.streams;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.charla.protocol.EventRules;
import org.charla.protocol.signature.UserKey;

/** Who runs the cluster: user ids, and the keys that are theirs without a claim. Immutable. */
final class Operators {

    /** A key says where it ends, so that a user id may hold commas and equals signs. */
    private static final Pattern OPERATOR = Pattern.compile("\\s*([^\\s]+?)=(ed25519:[A-Za-z0-9_-]*)\\s*(?:,|$)");

    private final Map<String, List<UserKey>> byUser;
    private final List<UserKey> all;

    private Operators(Map<String, List<UserKey>> byUser) {
        this.byUser = byUser;
        this.all = byUser.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Reads {@code <userId>=<key>}, separated by commas; a user of several keys is there several times.
     *
     * @throws IllegalArgumentException saying what is wrong with which part
     */
    static Operators parse(String setting) {
        Map<String, List<UserKey>> keys = new LinkedHashMap<>();
        Matcher operator = OPERATOR.matcher(setting);
        int at = 0;
        while (at < setting.length()) {
            if (!operator.find(at) || operator.start() != at) {
                throw new IllegalArgumentException("it must be <userId>=<key>, separated by commas, and a key begins"
                        + " with ed25519:, but \"" + setting.substring(at) + "\" does not begin so");
            }
            String userId = operator.group(1);
            if (!EventRules.isUserId(userId)) {
                throw new IllegalArgumentException("\"" + userId + "\" is no user id");
            }
            keys.computeIfAbsent(userId, id -> new ArrayList<>()).add(UserKey.parse(operator.group(2)).orElseThrow(
                    () -> new IllegalArgumentException("\"" + operator.group(2) + "\" is no key: it must be ed25519:"
                            + " and 43 characters of base64url for its 32 bytes")));
            at = operator.end();
        }
        return new Operators(keys);
    }

    /** The keys of this user as an operator; none where the user is no operator. */
    List<UserKey> keysOf(String userId) {
        return byUser.getOrDefault(userId, List.of());
    }

    /** The keys of all operators. */
    List<UserKey> keys() {
        return all;
    }
}
