package org.charla.streams;

import org.charla.protocol.ChannelMessage;
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
 * @param source where the raw record stands, and its timestamp
 * @param id what tells the event from all others; only where it is accepted
 * @param author the author's profile, null until it is looked up
 */
record Judged(byte[] rawValue, Source source, Judgement judgement, String id, UserProfile author) {

    static Judged of(byte[] rawValue, Source source, Judgement judgement) {
        String id = judgement instanceof Accepted accepted
                ? ChannelMessage.id(accepted.event().userId(), accepted.event().messageId()) : null;
        return new Judged(rawValue, source, judgement, id, null);
    }

    boolean isAccepted() {
        return judgement instanceof Accepted;
    }

    /** Where it goes, as far as is known by now. */
    enum Route { MESSAGES, PROFILES, REJECTED }

    Route route() {
        return isAccepted() ? switch (event().type()) {
            case MESSAGE -> Route.MESSAGES;
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
        return new Judged(rawValue, source, new Rejected(code, reason), null, author);
    }

    /** Joins a message with its author's profile. What is rejected already passes unchanged. */
    Judged by(UserProfile profile) {
        if (!isAccepted()) {
            return this;
        }
        if (profile == null) {
            return reject(RejectionCode.UNKNOWN_USER, "The user has no profile; send one first.");
        }
        return new Judged(rawValue, source, judgement, id, profile);
    }

    /** The profile that a profile event gives its user; null, a tombstone, where it removes it. */
    UserProfile toUserProfile() {
        return switch (event().type()) {
            case PROFILE -> {
                RawEvent.Profile profile = (RawEvent.Profile) event();
                yield new UserProfile(profile.userId(), profile.displayName(), source.timestamp());
            }
            case PROFILE_REMOVAL -> null;
            case MESSAGE -> throw new IllegalStateException("a message is no profile");
        };
    }

    ChannelMessage toChannelMessage() {
        RawEvent.Message message = (RawEvent.Message) event();
        return new ChannelMessage(message.messageId(), message.channel(),
                new ChannelMessage.Author(author.userId(), author.displayName()),
                message.text(), message.sentAt(), source.timestamp());
    }
}
