package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.ChannelRules.Mute;
import org.charla.protocol.ChannelRules.Posting;

/**
 * What of a channel's rules messages are judged by. It is in memory for each channel, of which there may be thousands with
 * hundreds of names each, as long as somebody likes: so of a name it keeps 16 bytes of its digest. Immutable.
 */
final class RulesInForce {

    /** Until when they are muted who are muted without an end. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final int LONGS_A_NAME = 2;

    private final boolean owned;
    private final Posting posting;
    private final int slowModeSeconds;
    private final long[] rulers;
    private final long[] muted;
    /** When that ends, in the same order. */
    private final long[] ends;

    RulesInForce(ChannelRules rules) {
        owned = rules.owner().isPresent();
        posting = rules.posting();
        slowModeSeconds = rules.slowModeSeconds();
        rulers = digests(Stream.concat(rules.owner().stream(), rules.moderators().stream()).toList());
        muted = digests(rules.muted().stream().map(Mute::userId).toList());
        ends = rules.muted().stream().mapToLong(mute -> mute.until().orElse(FOR_EVER)).toArray();
    }

    boolean isOwned() {
        return owned;
    }

    Posting posting() {
        return posting;
    }

    int slowModeSeconds() {
        return slowModeSeconds;
    }

    /** Whether this user may rule: the owner and the moderators may. */
    boolean isRuledBy(String userId) {
        return indexIn(rulers, userId) >= 0;
    }

    /** Until when this user is muted at a time, both in epoch milliseconds, or {@link #FOR_EVER}; empty where they are not. */
    OptionalLong mutedUntil(String userId, long now) {
        int index = muted.length == 0 ? -1 : indexIn(muted, userId);
        return index >= 0 && ends[index] > now ? OptionalLong.of(ends[index]) : OptionalLong.empty();
    }

    private static int indexIn(long[] names, String name) {
        ByteBuffer digest = digest(name);
        long high = digest.getLong();
        long low = digest.getLong();
        for (int i = 0; i < names.length; i += LONGS_A_NAME) {
            if (names[i] == high && names[i + 1] == low) {
                return i / LONGS_A_NAME;
            }
        }
        return -1;
    }

    private static long[] digests(List<String> names) {
        return names.stream().map(RulesInForce::digest)
                .flatMapToLong(digest -> LongStream.of(digest.getLong(), digest.getLong())).toArray();
    }

    private static ByteBuffer digest(String name) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
