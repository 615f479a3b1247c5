package org.charla.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What holds in a channel, as in {@link Topics#CHANNELS}.
 *
 * @param title empty where it has none
 * @param owner empty where nobody owns it
 * @param moderators at most {@link #MAX_MODERATORS} user ids
 * @param slowModeSeconds how many seconds lie between two messages of one user; 0 is none
 * @param muted at most {@link #MAX_MUTED}; some may have ended
 * @param updatedAt the timestamp of the raw record that it comes from, in epoch milliseconds
 */
public record ChannelRules(
        String channel, String title, Optional<String> owner, List<String> moderators, Posting posting,
        int slowModeSeconds, List<Mute> muted, long updatedAt) {

    /** The largest record, in bytes. */
    static final int MAX_BYTES = 1024 * 1024;

    /** How many moderators a channel has at most. */
    public static final int MAX_MODERATORS = 50;

    /** How many users are muted in a channel at most: the record stays well below what a topic takes. */
    public static final int MAX_MUTED = 500;

    public ChannelRules {
        moderators = List.copyOf(moderators);
        muted = List.copyOf(muted);
    }

    /** What holds where nothing was ruled. */
    public static ChannelRules none(String channel) {
        return new ChannelRules(channel, "", Optional.empty(), List.of(), Posting.EVERYONE, 0, List.of(), 0);
    }

    /** Whether this user may rule: the owner and the moderators may. */
    public boolean isRuledBy(String userId) {
        return owner.filter(userId::equals).isPresent() || moderators.contains(userId);
    }

    /** How this user is muted at a time, in epoch milliseconds; empty where they are not. */
    public Optional<Mute> muteOf(String userId, long now) {
        return muted.isEmpty() ? Optional.empty()
                : muted.stream().filter(mute -> mute.userId().equals(userId) && mute.holdsAt(now)).findFirst();
    }

    /** Who may post, under the names that rules have for it. */
    public enum Posting {
        EVERYONE("everyone"),
        /** Signed events only. */
        VERIFIED("verified"),
        /** Owner, moderators and operators. */
        MODERATORS("moderators");

        private static final Map<String, Posting> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Posting::wireName, posting -> posting));

        private final String wireName;

        Posting(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        /** Empty where it is none of them. */
        public static Optional<Posting> named(String wireName) {
            return Optional.ofNullable(BY_NAME.get(wireName));
        }
    }

    /**
     * A user who may not post.
     *
     * @param until when that ends, in epoch milliseconds; empty is never
     */
    public record Mute(String userId, OptionalLong until) {

        /** Whether it has not ended at this time, in epoch milliseconds. */
        public boolean holdsAt(long now) {
            return until.isEmpty() || until.getAsLong() > now;
        }
    }
}
