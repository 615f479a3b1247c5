package org.charla.protocol;

/**
 * What a client writes to {@link Topics#RAW}. An event that came out of {@link EventRules} obeys the contract; one
 * that a client builds obeys it only if the pipeline says so.
 */
public sealed interface RawEvent {

    /** Chosen by the client, unique among its user's events: sent again, the event is a duplicate. */
    String messageId();

    /** The author; also the record's key. */
    String userId();

    /** When the client says that it was sent, in epoch milliseconds. */
    long sentAt();

    /** A text for a channel. */
    record Message(String messageId, String userId, String channel, String text, long sentAt) implements RawEvent {
    }

    /** The name that a user goes by from now on. */
    record Profile(String messageId, String userId, String displayName, long sentAt) implements RawEvent {
    }

    /** Removes the user's profile: messages behind it are refused until there is a profile again. */
    record ProfileRemoval(String messageId, String userId, long sentAt) implements RawEvent {
    }
}
