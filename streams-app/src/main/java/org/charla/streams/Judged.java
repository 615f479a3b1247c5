package org.charla.streams;

import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.Judgement;
import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.UserProfile;

/**
 * A raw record on its way through the topology, with what is thought of it so far. Each step may turn an accepted one
 * into a rejected one, never back; at the end it goes where its judgement says.
 *
 * @param rawValue the raw record's value, kept for {@code chat.rejected}; may be null
 * @param signature the header of its signature, as it came; null where there is none
 * @param source where the raw record stands, and its timestamp
 * @param id what tells the event from all others; only where it is accepted
 * @param user what is known of its user before it; {@link User#UNKNOWN} until it is looked up
 */
record Judged(byte[] rawValue, byte[] signature, Source source, Judgement judgement, String id, User user,
        Signer signer) {

    static Judged of(byte[] rawValue, byte[] signature, Source source, Judgement judgement) {
        String id = judgement instanceof Accepted accepted
                ? ChannelRecord.id(accepted.event().userId(), accepted.event().messageId()) : null;
        return new Judged(rawValue, signature, source, judgement, id, User.UNKNOWN, Signer.NOBODY);
    }

    boolean isAccepted() {
        return judgement instanceof Accepted;
    }

    /** Where it goes, as far as is known by now. */
    enum Route { CHANNELS, RULES, PROFILES, REJECTED }

    Route route() {
        return isAccepted() ? switch (event().type()) {
            case MESSAGE, EDIT, DELETION, REACTION -> Route.CHANNELS;
            case RULE -> Route.RULES;
            case PROFILE, PROFILE_REMOVAL -> Route.PROFILES;
        } : Route.REJECTED;
    }

    /** The event; only where it is accepted so far. */
    RawEvent event() {
        return ((Accepted) judgement).event();
    }

    /** The reason; only where it is rejected. */
    Rejected rejection() {
        return (Rejected) judgement;
    }

    Judged reject(RejectionCode code, String reason) {
        return new Judged(rawValue, signature, source, new Rejected(code, reason), null, user, signer);
    }

    /** Of a user, as they are before this event. */
    Judged withUser(User found) {
        return new Judged(rawValue, signature, source, judgement, id, found, signer);
    }

    Judged signedBy(Signer who) {
        return new Judged(rawValue, signature, source, judgement, id, user, who);
    }

    /** The user as they are behind this event; only where it is accepted. */
    User toUser() {
        return user.after(event(), source.timestamp());
    }

    /** The profile that a profile event gives its user; null, a tombstone, where it removes it. */
    UserProfile toUserProfile() {
        return toUser().profile().orElse(null);
    }

    /** What comes to the channel's topic of an event for a channel. */
    ChannelRecord toChannelRecord() {
        RawEvent.InChannel event = (RawEvent.InChannel) event();
        String messageId = event.messageId();
        String channel = event.channel();
        UserProfile profile = user.profile().orElseThrow();
        Author author = new Author(profile.userId(), profile.displayName(), signer.isAuthor());
        long sentAt = event.sentAt();
        long acceptedAt = source.timestamp();
        return switch (event.type()) {
            case MESSAGE -> {
                RawEvent.Message message = (RawEvent.Message) event;
                yield new ChannelMessage(
                        messageId, channel, author, message.text(), message.replyTo(), sentAt, acceptedAt);
            }
            case EDIT -> {
                RawEvent.Edit edit = (RawEvent.Edit) event;
                yield new ChannelRecord.Edit(
                        messageId, channel, author, edit.target(), edit.text(), sentAt, acceptedAt);
            }
            case DELETION -> new ChannelRecord.Deletion(
                    messageId, channel, author, ((RawEvent.Deletion) event).target(), sentAt, acceptedAt);
            case REACTION -> {
                RawEvent.Reaction reaction = (RawEvent.Reaction) event;
                yield new ChannelRecord.Reaction(
                        messageId, channel, author, reaction.target(), reaction.reactions(), sentAt, acceptedAt);
            }
            case RULE -> {
                RawEvent.Rule rule = (RawEvent.Rule) event;
                yield new ChannelRecord.Rule(
                        messageId, channel, author, rule.rule(), rule.value(), rule.until(), sentAt, acceptedAt);
            }
            case PROFILE, PROFILE_REMOVAL -> throw new IllegalStateException("a profile is for no channel");
        };
    }
}
