package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.charla.protocol.RejectionCode.EMPTY_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_CHANNEL;
import static org.charla.protocol.RejectionCode.INVALID_DISPLAY_NAME;
import static org.charla.protocol.RejectionCode.INVALID_KEY;
import static org.charla.protocol.RejectionCode.INVALID_MESSAGE_ID;
import static org.charla.protocol.RejectionCode.INVALID_REACTION;
import static org.charla.protocol.RejectionCode.INVALID_RULE;
import static org.charla.protocol.RejectionCode.INVALID_SENT_AT;
import static org.charla.protocol.RejectionCode.INVALID_TARGET;
import static org.charla.protocol.RejectionCode.INVALID_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_USER_ID;
import static org.charla.protocol.RejectionCode.KEY_MISMATCH;
import static org.charla.protocol.RejectionCode.MALFORMED;
import static org.charla.protocol.RejectionCode.TEXT_TOO_LONG;
import static org.charla.protocol.RejectionCode.UNKNOWN_TYPE;
import static org.charla.protocol.RejectionCode.WRONG_PARTITION;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.signature.UserKey;

/**
 * The rules that a raw record is judged by on its own, without knowing users, limits or channels. They are applied in
 * the order of {@link RejectionCode}, and the first that fails names the rejection.
 */
public final class EventRules {

    /** The largest value of a raw record, in bytes. */
    public static final int MAX_RECORD_BYTES = Json.MAX_BYTES;

    /** The longest text of a message, in code points. */
    public static final int MAX_TEXT_LENGTH = 4_000;

    /** The longest user id or display name, in code points. */
    public static final int MAX_NAME_LENGTH = 64;

    /** How many keys a user has at most. */
    public static final int MAX_KEYS = 10;

    /** How many reactions a user has on a message at most. */
    public static final int MAX_REACTIONS = 5;

    /** How far {@code sentAt} may be ahead of the record's own timestamp, in milliseconds. */
    public static final long MAX_CLOCK_SKEW_MS = 5 * 60 * 1_000;

    /** The earliest date: the beginning of the year 1, in epoch milliseconds. */
    public static final long EARLIEST_DATE = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

    /** The latest date: the end of the year 9999, in epoch milliseconds. */
    public static final long LATEST_DATE = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private static final String KNOWN_TYPES =
            Arrays.stream(RawEvent.Type.values()).map(RawEvent.Type::wireName).collect(Collectors.joining(", "));

    private static final String KNOWN_RULES =
            Arrays.stream(ChannelRule.values()).map(ChannelRule::wireName).collect(Collectors.joining(", "));

    private EventRules() {
    }

    /**
     * Judges one record of {@link Topics#RAW}. Any bytes at all give one of the two results; nothing is thrown.
     *
     * @param key the record's key; may be null
     * @param value the record's value; may be null
     * @param timestamp the record's timestamp in epoch milliseconds
     * @param partition the partition in which the record stands
     * @param partitions how many the topic has
     */
    public static Judgement judge(byte[] key, byte[] value, long timestamp, int partition, int partitions) {
        boolean isInPlace = key != null && partition == BuiltInPartitioner.partitionForKey(key, partitions);
        return judge(key, value, timestamp, isInPlace);
    }

    /** Like {@link #judge(byte[], byte[], long, int, int)}, of a record that is in no partition yet. */
    public static Judgement judge(byte[] key, byte[] value, long timestamp) {
        return judge(key, value, timestamp, true);
    }

    /**
     * Judges an event before it is sent. The verdict is the one that its record will have, but that a text or name that
     * is too long is called just that, however large it makes the record.
     *
     * @param timestamp when it will be sent, in epoch milliseconds
     */
    public static Judgement judge(RawEvent event, long timestamp) {
        return judge(event.userId().getBytes(UTF_8), RawFields.of(event), timestamp);
    }

    /** Whether these epoch milliseconds are a date that readers in any language can hold: of the years 1 to 9999. */
    public static boolean isDate(long epochMillis) {
        return epochMillis >= EARLIEST_DATE && epochMillis <= LATEST_DATE;
    }

    /** Whether somebody can have this user id. */
    public static boolean isUserId(String userId) {
        return isName(userId)
                && Unicode.noneMatch(userId, c -> Unicode.isWhiteSpace(c) || Unicode.isControlOrFormat(c));
    }

    /** Whether somebody can go by this name. */
    public static boolean isDisplayName(String displayName) {
        return isName(displayName) && !Unicode.isBlank(displayName)
                && Unicode.noneMatch(displayName, Unicode::isControlOrFormat);
    }

    private static Judgement judge(byte[] key, byte[] value, long timestamp, boolean isInPlace) {
        RawFields fields;
        try {
            fields = RawFields.parse(value);
        } catch (MalformedJsonException e) {
            return new Rejected(MALFORMED, e.getMessage());
        }
        if (!isInPlace) {
            return new Rejected(WRONG_PARTITION, "The record needs a key, and must be in the partition that murmur2"
                    + " gives the key, as Kafka's own clients choose it (librdkafka: partitioner=murmur2_random).");
        }
        return judge(key, fields, timestamp);
    }

    private static Judgement judge(byte[] key, RawFields fields, long timestamp) {
        if (fields.type() == null) {
            return new Rejected(UNKNOWN_TYPE, "The type is none of " + KNOWN_TYPES + ".");
        }
        return switch (fields.type()) {
            case MESSAGE -> message(key, fields, timestamp);
            case EDIT -> edit(key, fields, timestamp);
            case DELETION -> deletion(key, fields, timestamp);
            case REACTION -> reaction(key, fields, timestamp);
            case RULE -> rule(key, fields, timestamp);
            case PROFILE -> profile(key, fields, timestamp);
            case PROFILE_REMOVAL -> profileRemoval(key, fields, timestamp);
        };
    }

    private static Judgement message(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), channel(fields.channel()), replyTo(fields.replyTo()),
                text(fields.text()), sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Message(fields.messageId(), fields.userId(),
                fields.channel(), fields.text(), Optional.ofNullable(fields.replyTo()), fields.sentAt()));
    }

    private static Judgement edit(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), channel(fields.channel()), ownTarget(fields),
                text(fields.text()), sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Edit(fields.messageId(), fields.userId(),
                fields.channel(), fields.target(), fields.text(), fields.sentAt()));
    }

    private static Judgement deletion(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), channel(fields.channel()), target(fields.target()),
                sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Deletion(
                fields.messageId(), fields.userId(), fields.channel(), fields.target(), fields.sentAt()));
    }

    private static Judgement reaction(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), channel(fields.channel()), target(fields.target()),
                reactions(fields.reactions()), sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Reaction(fields.messageId(), fields.userId(),
                fields.channel(), fields.target(), fields.reactions(), fields.sentAt()));
    }

    private static Judgement rule(byte[] key, RawFields fields, long timestamp) {
        Optional<ChannelRule> rule = Optional.ofNullable(fields.rule()).flatMap(ChannelRule::named);
        Rejected rejected = firstOf(identity(key, fields), channel(fields.channel()), rule(rule, fields, timestamp),
                sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Rule(fields.messageId(), fields.userId(),
                fields.channel(), rule.orElseThrow(), fields.value(),
                fields.until() == null ? OptionalLong.empty() : OptionalLong.of(fields.until()), fields.sentAt()));
    }

    private static Judgement profile(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), displayName(fields.displayName()),
                keys(fields.keys()), sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.Profile(
                fields.messageId(), fields.userId(), fields.displayName(),
                fields.keys() == null ? List.of() : fields.keys(), fields.sentAt()));
    }

    private static Judgement profileRemoval(byte[] key, RawFields fields, long timestamp) {
        Rejected rejected = firstOf(identity(key, fields), sentAt(fields, timestamp));
        return rejected != null ? rejected : new Accepted(new RawEvent.ProfileRemoval(
                fields.messageId(), fields.userId(), fields.sentAt()));
    }

    private static Rejected firstOf(Rejected... rejections) {
        for (Rejected rejected : rejections) {
            if (rejected != null) {
                return rejected;
            }
        }
        return null;
    }

    private static Rejected identity(byte[] key, RawFields fields) {
        String messageId = fields.messageId();
        if (messageId == null || !MessageRef.isMessageId(messageId)) {
            return new Rejected(INVALID_MESSAGE_ID, "The messageId must be 1 to 64 of A-Z, a-z, 0-9, _ and -.");
        }
        String userId = fields.userId();
        if (userId == null || !isUserId(userId)) {
            return new Rejected(INVALID_USER_ID, "The userId must be 1 to " + MAX_NAME_LENGTH
                    + " code points without white space, control or format characters.");
        }
        if (!Arrays.equals(key, userId.getBytes(UTF_8))) {
            return new Rejected(KEY_MISMATCH, "The record's key is not the userId.");
        }
        return null;
    }

    private static Rejected channel(String channel) {
        if (channel == null || !Topics.isChannelName(channel)) {
            return new Rejected(INVALID_CHANNEL,
                    "The channel must be 1 to 64 of a-z, 0-9 and -, and not start with -.");
        }
        return null;
    }

    private static Rejected target(String target) {
        return target == null ? wrongTarget() : replyTo(target);
    }

    private static Rejected replyTo(String replyTo) {
        return replyTo == null || MessageRef.parse(replyTo).isPresent() ? null : wrongTarget();
    }

    private static Rejected wrongTarget() {
        return new Rejected(INVALID_TARGET, "A message is named as <userId>:<messageId>, a valid one of each.");
    }

    private static Rejected ownTarget(RawFields fields) {
        Rejected rejected = target(fields.target());
        if (rejected != null) {
            return rejected;
        }
        return MessageRef.parse(fields.target()).orElseThrow().userId().equals(fields.userId()) ? null
                : new Rejected(INVALID_TARGET, "Only the author of a message can edit it.");
    }

    private static Rejected reactions(List<String> reactions) {
        if (reactions == null || reactions.size() > MAX_REACTIONS) {
            return new Rejected(INVALID_REACTION, "The reactions must be a list of 0 to " + MAX_REACTIONS + " strings.");
        }
        if (!reactions.stream().allMatch(Emoji::isOne)) {
            return new Rejected(INVALID_REACTION, "A reaction must be one emoji.");
        }
        if (new HashSet<>(reactions).size() < reactions.size()) {
            return new Rejected(INVALID_REACTION, "A reaction is there twice.");
        }
        return null;
    }

    private static Rejected rule(Optional<ChannelRule> rule, RawFields fields, long timestamp) {
        if (rule.isEmpty()) {
            return new Rejected(INVALID_RULE, "The rule is none of " + KNOWN_RULES + ".");
        }
        if (fields.value() == null || !rule.get().takes(fields.value())) {
            return new Rejected(INVALID_RULE,
                    "The value of the rule " + rule.get().wireName() + " must be " + rule.get().domain() + ".");
        }
        if (fields.until() == null) {
            return null;
        }
        if (rule.get() != ChannelRule.MUTE || !isDate(fields.until())) {
            return new Rejected(INVALID_RULE,
                    "The until goes with the rule mute alone, and must be epoch milliseconds up to the year 9999.");
        }
        if (fields.until() <= timestamp) {
            return new Rejected(INVALID_RULE, "The mute would have ended already.");
        }
        return null;
    }

    private static Rejected text(String text) {
        if (text == null || Unicode.isBlank(text)) {
            return new Rejected(EMPTY_TEXT, "There is no text, or nothing but white space.");
        }
        int length = Unicode.length(text);
        if (length > MAX_TEXT_LENGTH) {
            return new Rejected(TEXT_TOO_LONG,
                    "The text has " + length + " code points; at most " + MAX_TEXT_LENGTH + " are allowed.");
        }
        if (!Unicode.noneMatch(text, c -> c == 0 || Unicode.isSurrogate(c))) {
            return new Rejected(INVALID_TEXT, "The text holds U+0000 or a lone surrogate.");
        }
        return null;
    }

    private static Rejected displayName(String displayName) {
        if (displayName == null || !isDisplayName(displayName)) {
            return new Rejected(INVALID_DISPLAY_NAME, "The displayName must be 1 to " + MAX_NAME_LENGTH
                    + " code points, not blank, without control or format characters.");
        }
        return null;
    }

    private static Rejected keys(List<String> keys) {
        if (keys == null) {
            return null;
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            return new Rejected(INVALID_KEY, "The keys must be a list of 1 to " + MAX_KEYS + " strings.");
        }
        if (!keys.stream().allMatch(key -> UserKey.parse(key).isPresent())) {
            return new Rejected(INVALID_KEY, "A key must be ed25519: and 43 characters of base64url for its 32 bytes,"
                    + " which are a point of the curve, not of small order.");
        }
        if (new HashSet<>(keys).size() < keys.size()) {
            return new Rejected(INVALID_KEY, "A key is there twice.");
        }
        return null;
    }

    private static boolean isName(String name) {
        int length = Unicode.length(name);
        return length >= 1 && length <= MAX_NAME_LENGTH && Unicode.isWellFormed(name);
    }

    private static Rejected sentAt(RawFields fields, long timestamp) {
        if (fields.sentAt() == null) {
            return new Rejected(INVALID_SENT_AT, "The sentAt must be a whole number of epoch milliseconds.");
        }
        if (!isDate(fields.sentAt())) {
            return new Rejected(INVALID_SENT_AT, "The sentAt is before the year 1 or after the year 9999.");
        }
        if (fields.sentAt() - MAX_CLOCK_SKEW_MS > timestamp) {
            return new Rejected(INVALID_SENT_AT, "The sentAt is more than 5 minutes ahead of the record's timestamp.");
        }
        return null;
    }
}
