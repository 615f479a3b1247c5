package org.charla.streams;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.charla.protocol.signature.UserKey;

/** Keys that were decoded before, the last used ones: to decode one takes a sixth as long as to verify with it. */
final class KeyRing {

    /** Of 300 bytes each. */
    private static final int MOST = 10_000;

    private final Map<String, Optional<UserKey>> keys = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<UserKey>> eldest) {
            return size() > MOST;
        }
    };

    /** The keys that these texts are; what is none is left out, so nobody can sign with it. */
    List<UserKey> keys(List<String> texts) {
        return texts.stream()
                .map(text -> keys.computeIfAbsent(text, UserKey::parse)).flatMap(Optional::stream).toList();
    }
}
