package org.charla.streams;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.ChannelRules.Mute;
import org.charla.protocol.ChannelRules.Posting;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/** Who may rule what in a channel, and what holds there afterwards. */
final class Ruling {

    private Ruling() {
    }

    /**
     * Judges a rule that its author signed, in the order of the codes.
     *
     * @param before what holds in the channel
     * @param byOperator whether the author is an operator
     * @param now the time of the rule, in epoch milliseconds
     * @return why it is refused; empty where it is not
     */
    static Optional<Rejected> objection(ChannelRules before, RawEvent.Rule rule, boolean byOperator, long now) {
        return invalid(before, rule, now).map(reason -> new Rejected(RejectionCode.INVALID_RULE, reason))
                .or(() -> byOperator ? Optional.empty() : notAllowed(before, rule)
                        .map(reason -> new Rejected(RejectionCode.NOT_ALLOWED, reason)));
    }

    private static Optional<String> invalid(ChannelRules before, RawEvent.Rule rule, long now) {
        boolean ofRuler = before.isRuledBy(rule.value());
        return switch (rule.rule()) {
            case MUTE, UNMUTE -> {
                if (ofRuler) {
                    yield Optional.of("The channel's owner and moderators can't be muted.");
                }
                boolean isFull = before.muteOf(rule.value(), now).isEmpty()
                        && mutedAt(now, before).count() >= ChannelRules.MAX_MUTED;
                yield when(isFull && rule.rule() == ChannelRule.MUTE,
                        "There are " + ChannelRules.MAX_MUTED + " users muted in the channel, and no more can be.");
            }
            case MODERATOR -> when(!ofRuler && before.moderators().size() >= ChannelRules.MAX_MODERATORS,
                    "The channel has " + ChannelRules.MAX_MODERATORS + " moderators, and can't have more.");
            case TITLE, POSTING, SLOW_MODE, NO_MODERATOR, OWNER -> Optional.empty();
        };
    }

    private static Optional<String> notAllowed(ChannelRules before, RawEvent.Rule rule) {
        return switch (rule.rule()) {
            case TITLE, POSTING, SLOW_MODE, MUTE, UNMUTE -> when(!before.isRuledBy(rule.userId()),
                    "Only the channel's owner and moderators may rule this.");
            case MODERATOR, NO_MODERATOR, OWNER -> when(!before.owner().equals(Optional.of(rule.userId())),
                    "Only the channel's owner may rule this.");
        };
    }

    private static Optional<String> when(boolean condition, String reason) {
        return condition ? Optional.of(reason) : Optional.empty();
    }

    /** What holds behind a rule to which there is no objection. Mutes that have ended are forgotten. */
    static ChannelRules after(ChannelRules before, RawEvent.Rule rule, long now) {
        String value = rule.value();
        String title = before.title();
        Optional<String> owner = before.owner();
        List<String> moderators = before.moderators();
        Posting posting = before.posting();
        int slowModeSeconds = before.slowModeSeconds();
        List<Mute> muted = mutedAt(now, before).toList();
        switch (rule.rule()) {
            case TITLE -> title = value;
            case POSTING -> posting = Posting.named(value).orElseThrow();
            case SLOW_MODE -> slowModeSeconds = Integer.parseInt(value);
            case MUTE -> muted = Stream.concat(without(muted, value), Stream.of(new Mute(value, rule.until()))).toList();
            case UNMUTE -> muted = without(muted, value).toList();
            case MODERATOR -> {
                if (!before.isRuledBy(value)) {
                    moderators = Stream.concat(moderators.stream(), Stream.of(value)).toList();
                }
                muted = without(muted, value).toList();
            }
            case NO_MODERATOR -> moderators = others(moderators, value);
            case OWNER -> {
                owner = Optional.of(value);
                moderators = others(moderators, value);
                muted = without(muted, value).toList();
            }
        }
        return new ChannelRules(before.channel(), title, owner, moderators, posting, slowModeSeconds, muted,
                Math.max(before.updatedAt(), now));
    }

    /** What holds behind the first claim of a channel that nobody owns. */
    static ChannelRules claimed(ChannelRules before, String userId, long now) {
        return new ChannelRules(before.channel(), before.title(), Optional.of(userId), others(before.moderators(), userId),
                before.posting(), before.slowModeSeconds(), without(mutedAt(now, before).toList(), userId).toList(),
                Math.max(before.updatedAt(), now));
    }

    private static Stream<Mute> mutedAt(long now, ChannelRules rules) {
        return rules.muted().stream().filter(mute -> mute.holdsAt(now));
    }

    private static Stream<Mute> without(List<Mute> muted, String userId) {
        return muted.stream().filter(mute -> !mute.userId().equals(userId));
    }

    private static List<String> others(List<String> users, String userId) {
        return users.stream().filter(user -> !user.equals(userId)).toList();
    }
}
