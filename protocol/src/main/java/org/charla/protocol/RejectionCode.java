package org.charla.protocol;

/**
 * Why a raw record was refused. The order is the order of judgement: the first rule that fails names it.
 *
 * <p>Each says its rule, and where it is judged: up to {@link #INVALID_SENT_AT} in {@link EventRules}, by the record and
 * its place alone; what needs users, limits, channels or the past in the class of {@code streams-app} that is named.
 */
public enum RejectionCode {

    /** The value is one JSON object in UTF-8 of at most 64 KiB, no field twice: {@code RawFields}. */
    MALFORMED,

    /** The record stands where murmur2 puts its key, and has one: {@link EventRules}. */
    WRONG_PARTITION,

    /** {@code type} is one that there is; absent, it is {@code message}: {@link EventRules}. */
    UNKNOWN_TYPE,

    /** {@code messageId} is 1 to 64 of {@code A-Z a-z 0-9 _ -}: {@link EventRules}. */
    INVALID_MESSAGE_ID,

    /** {@code userId} is 1 to 64 code points, none of them white space, control or format: {@link EventRules}. */
    INVALID_USER_ID,

    /** The record's key is the {@code userId}: {@link EventRules}. */
    KEY_MISMATCH,

    /** {@code channel} is {@code [a-z0-9][a-z0-9-]{0,63}}: {@link EventRules}, by {@link Topics#isChannelName}. */
    INVALID_CHANNEL,

    /**
     * {@code target} and {@code replyTo} are {@code <userId>:<messageId>}, and an edit's is the author's own:
     * {@link EventRules}, by {@link MessageRef}.
     */
    INVALID_TARGET,

    /** {@code text} is there and not blank: {@link EventRules}. */
    EMPTY_TEXT,

    /** {@code text} has at most 4,000 code points: {@link EventRules}. */
    TEXT_TOO_LONG,

    /** {@code text} holds neither U+0000 nor a lone surrogate: {@link EventRules}. */
    INVALID_TEXT,

    /** {@code reactions} are 0 to 5 different emoji: {@link EventRules}, by {@link Emoji}. */
    INVALID_REACTION,

    /**
     * {@code rule} is one that there is, and takes its {@code value} and {@code until}: {@link EventRules}, by
     * {@link ChannelRule}; what depends on the channel in {@code Ruling}.
     */
    INVALID_RULE,

    /** {@code displayName} is 1 to 64 code points, not blank, none of them control or format: {@link EventRules}. */
    INVALID_DISPLAY_NAME,

    /** {@code keys}, where there are any, are 1 to 10 different Ed25519 keys, none weak: {@link EventRules}. */
    INVALID_KEY,

    /** {@code sentAt} is from the year 1 to 5 minutes ahead of the record's timestamp: {@link EventRules}. */
    INVALID_SENT_AT,

    /** An event of a user id that somebody claimed is signed, and so is one that claims it: {@code IdentityRules}. */
    UNSIGNED,

    /** The signature holds, by a key that the user has at that moment: {@code IdentityRules}. */
    INVALID_SIGNATURE,

    /** It was signed at most 30 minutes before or behind the record's timestamp: {@code IdentityRules}. */
    STALE_SIGNATURE,

    /** The author of what is for a channel has a profile: {@code IdentityGuard}. */
    UNKNOWN_USER,

    /** The user is within the flood limit: {@code FloodGuard}. */
    RATE_LIMITED,

    /** The channel lets the author do this: {@code ChannelObedience}, of rules {@code Ruling}. */
    NOT_ALLOWED,

    /** The author is not muted in the channel: {@code ChannelObedience}. */
    MUTED,

    /** The channel's slow mode lets the author post again: {@code ChannelObedience}. */
    SLOW_MODE,

    /** An edit's target was accepted in this channel within the deduplication window: {@code EditTargets}. */
    UNKNOWN_MESSAGE,

    /** The channel's topic is there and takes every message, or may be made: {@code ChannelGate} and its channels. */
    CHANNEL_LIMIT,

    /**
     * The pipeline can process the record: {@code Suspects} knows those at which it failed twice, and {@code Validator}
     * asks it before all other rules.
     */
    UNPROCESSABLE
}
