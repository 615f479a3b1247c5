package org.charla.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.charla.protocol.ChannelRules.Posting;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.MessageRef;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Rejects what the channel doesn't let its author do now, as far as {@code chat.channels} was read. A rule is judged by the
 * {@link ChannelJudge}, if only it is signed. What an operator signed on a user's behalf is free of all this.
 */
final class ChannelObedience implements Step {

    private ChannelRulesStore channelRules;
    private SlowMode slowMode;

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        channelRules = context.getStateStore(ChannelRulesStore.NAME);
        slowMode = new SlowMode(context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        Rejected refusal = judged.isAccepted() && judged.event() instanceof RawEvent.InChannel event
                ? refusal(judged, event, judged.source().timestamp()) : null;
        return refusal == null ? judged : judged.reject(refusal.code(), refusal.reason());
    }

    /** Null where it is allowed. */
    private Rejected refusal(Judged judged, RawEvent.InChannel event, long now) {
        if (event instanceof RawEvent.Rule) {
            return judged.signer().isAuthor() ? null
                    : new Rejected(RejectionCode.NOT_ALLOWED, "A rule needs the signature of its author.");
        }
        if (judged.signer() == Signer.OPERATOR || judged.signer() == Signer.OPERATING_AUTHOR) {
            return null;
        }
        RulesInForce rules = channelRules.get(event.channel());
        if (event instanceof RawEvent.Deletion deletion) {
            return refusalOfDeletion(judged, deletion, rules);
        }
        return rules == null ? null : refusalByRules(judged, event, rules, now);
    }

    private static Rejected refusalOfDeletion(Judged judged, RawEvent.Deletion deletion, RulesInForce rules) {
        boolean isOwn = MessageRef.parse(deletion.target()).orElseThrow().userId().equals(deletion.userId());
        return isOwn || rules != null && isRuler(judged, rules) ? null : new Rejected(RejectionCode.NOT_ALLOWED,
                "Another's message is deleted by the channel's owner and moderators alone.");
    }

    /** Of a message, an edit or a reaction. */
    private Rejected refusalByRules(Judged judged, RawEvent.InChannel event, RulesInForce rules, long now) {
        if (rules.posting() == Posting.VERIFIED && !judged.signer().isAuthor()) {
            return new Rejected(RejectionCode.NOT_ALLOWED, "The channel takes signed events only.");
        }
        if (rules.posting() == Posting.MODERATORS && !(event instanceof RawEvent.Reaction)
                && !isRuler(judged, rules)) {
            return new Rejected(RejectionCode.NOT_ALLOWED, "Only the channel's owner and moderators may post in it.");
        }
        OptionalLong end = rules.mutedUntil(event.userId(), now);
        if (end.isPresent()) {
            return new Rejected(RejectionCode.MUTED, end.getAsLong() == RulesInForce.FOR_EVER
                    ? "The user is muted in the channel."
                    : "The user is muted in the channel until " + Instant.ofEpochMilli(end.getAsLong()) + ".");
        }
        if (rules.slowModeSeconds() > 0 && event instanceof RawEvent.Message && !isRuler(judged, rules)) {
            return refusalBySlowMode(event, Duration.ofSeconds(rules.slowModeSeconds()), now);
        }
        return null;
    }

    private Rejected refusalBySlowMode(RawEvent.InChannel event, Duration between, long now) {
        Duration wait = slowMode.post(event.channel(), event.userId(), between, now);
        // Rounded up: whoever waits so long may post.
        return wait.isZero() ? null : new Rejected(RejectionCode.SLOW_MODE, "The channel takes a message of a user every "
                + between.toSeconds() + " s; wait " + (wait.toMillis() + 999) / 1_000 + " s.");
    }

    private static boolean isRuler(Judged judged, RulesInForce rules) {
        return judged.signer().isAuthor() && rules.isRuledBy(judged.event().userId());
    }
}
