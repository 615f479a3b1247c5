package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * What the record alone decides, by the table of raw events in docs/contract.md.
 *
 * @param refusal null where the record alone gives no reason for one
 * @param event the event; of a refused one only where it has both ids, and then only those
 */
record Reading(Code refusal, Event event) {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_NAME = 64;
    private static final int MAX_TEXT = 4_000;
    private static final int MAX_TITLE = 200;
    private static final int MAX_SLOW_MODE_SECONDS = 21_600;
    private static final int MAX_KEYS = 10;
    private static final int MAX_REACTIONS = 5;
    private static final int MAX_EMOJI = 16;
    private static final long AHEAD_MS = 5 * 60 * 1_000;
    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern CHANNEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern SECONDS = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final Set<String> POSTING = Set.of("everyone", "verified", "moderators");

    private static final ObjectMapper JSON = new ObjectMapper(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @param partitions how many chat.raw has */
    static Reading of(ConsumerRecord<byte[], byte[]> raw, int partitions) {
        JsonNode fields = raw.value() == null || raw.value().length > MAX_BYTES ? null : object(raw.value());
        if (fields == null) {
            return new Reading(Code.MALFORMED, null);
        }
        Event ids = idsOf(fields);
        if (raw.key() == null || BuiltInPartitioner.partitionForKey(raw.key(), partitions) != raw.partition()) {
            return new Reading(Code.WRONG_PARTITION, ids);
        }
        Event.Type type = fields.has("type") ? Event.Type.named(text(fields, "type")) : Event.Type.MESSAGE;
        if (type == null) {
            return new Reading(Code.UNKNOWN_TYPE, ids);
        }
        Code refusal = refusal(type, fields, raw);
        return refusal != null ? new Reading(refusal, ids) : new Reading(null, new Event(type,
                text(fields, "messageId"), text(fields, "userId"), text(fields, "channel"), text(fields, "text"),
                text(fields, "replyTo"), text(fields, "target"), texts(fields, "reactions"), text(fields, "rule"),
                text(fields, "value"),
                number(fields, "until"), text(fields, "displayName"), texts(fields, "keys"), number(fields, "sentAt")));
    }

    private static Event idsOf(JsonNode fields) {
        String messageId = text(fields, "messageId");
        String userId = text(fields, "userId");
        return messageId == null || userId == null ? null : new Event(null, messageId, userId, null, null, null, null,
                null, null, null, null, null, null, 0);
    }

    /** Null where it is not one JSON object in UTF-8. */
    static JsonNode object(byte[] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode read = JSON.readTree(UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
            return read.isObject() ? read : null;
        } catch (CharacterCodingException | JsonProcessingException e) {
            return null;
        }
    }

    private static Code refusal(Event.Type type, JsonNode fields, ConsumerRecord<byte[], byte[]> raw) {
        String messageId = text(fields, "messageId");
        String userId = text(fields, "userId");
        if (messageId == null || !MESSAGE_ID.matcher(messageId).matches()) {
            return Code.INVALID_MESSAGE_ID;
        }
        if (!isUserId(userId)) {
            return Code.INVALID_USER_ID;
        }
        if (!Arrays.equals(userId.getBytes(UTF_8), raw.key())) {
            return Code.KEY_MISMATCH;
        }
        String channel = text(fields, "channel");
        if (!type.isOfProfiles() && (channel == null || !CHANNEL.matcher(channel).matches())) {
            return Code.INVALID_CHANNEL;
        }
        Code refusal = switch (type) {
            case MESSAGE -> fields.has("replyTo") && !isMessage(text(fields, "replyTo")) ? Code.INVALID_TARGET
                    : text(text(fields, "text"));
            case EDIT -> isMessage(text(fields, "target")) && text(fields, "target").equals(
                    userId + text(fields, "target").substring(text(fields, "target").lastIndexOf(':')))
                    ? text(text(fields, "text")) : Code.INVALID_TARGET;
            case DELETION -> isMessage(text(fields, "target")) ? null : Code.INVALID_TARGET;
            case REACTION -> !isMessage(text(fields, "target")) ? Code.INVALID_TARGET
                    : areReactions(texts(fields, "reactions")) ? null : Code.INVALID_REACTION;
            case RULE -> isRule(fields, raw.timestamp()) ? null : Code.INVALID_RULE;
            case PROFILE -> !isName(text(fields, "displayName")) || text(fields, "displayName").codePoints()
                    .allMatch(Reading::isWhite) ? Code.INVALID_DISPLAY_NAME
                    : fields.has("keys") && !areKeys(texts(fields, "keys")) ? Code.INVALID_KEY : null;
            case PROFILE_REMOVAL -> null;
        };
        if (refusal != null) {
            return refusal;
        }
        Long sentAt = number(fields, "sentAt");
        return sentAt != null && isDate(sentAt) && sentAt <= raw.timestamp() + AHEAD_MS ? null : Code.INVALID_SENT_AT;
    }

    private static boolean isUserId(String userId) {
        return isName(userId) && userId.codePoints().noneMatch(Reading::isWhite);
    }

    private static boolean isName(String name) {
        return name != null && !name.isEmpty() && length(name) <= MAX_NAME && isShown(name);
    }

    /** Well-formed, without control and format characters. */
    private static boolean isShown(String text) {
        return none(text, c -> isSurrogate(c) || Character.getType(c) == Character.CONTROL
                || Character.getType(c) == Character.FORMAT);
    }

    private static boolean isWhite(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean none(String text, IntPredicate bad) {
        return text.codePoints().noneMatch(bad);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isMessage(String name) {
        int colon = name == null ? -1 : name.lastIndexOf(':');
        return colon >= 0 && isUserId(name.substring(0, colon))
                && MESSAGE_ID.matcher(name.substring(colon + 1)).matches();
    }

    private static Code text(String text) {
        if (text == null || text.codePoints().allMatch(Reading::isWhite)) {
            return Code.EMPTY_TEXT;
        }
        if (length(text) > MAX_TEXT) {
            return Code.TEXT_TOO_LONG;
        }
        return none(text, c -> c == 0 || isSurrogate(c)) ? null : Code.INVALID_TEXT;
    }

    /** What an emoji is takes Unicode's own data, which Java 17 lacks: here, what is no letter, and none of ASCII. */
    private static boolean areReactions(List<String> reactions) {
        return reactions != null && reactions.size() <= MAX_REACTIONS
                && new HashSet<>(reactions).size() == reactions.size()
                && reactions.stream().allMatch(one -> !one.isEmpty() && length(one) <= MAX_EMOJI
                        && none(one, c -> c < 0x80 || Character.isLetter(c)));
    }

    private static boolean isRule(JsonNode fields, long timestamp) {
        String rule = text(fields, "rule");
        String value = text(fields, "value");
        if (rule == null || value == null) {
            return false;
        }
        boolean takesValue = switch (rule) {
            case "title" -> length(value) <= MAX_TITLE && isShown(value);
            case "posting" -> POSTING.contains(value);
            case "slow-mode" -> SECONDS.matcher(value).matches() && Integer.parseInt(value) <= MAX_SLOW_MODE_SECONDS;
            case "mute", "unmute", "moderator", "no-moderator", "owner" -> isUserId(value);
            default -> false;
        };
        Long until = number(fields, "until");
        return takesValue && (!fields.has("until")
                || rule.equals("mute") && until != null && isDate(until) && until > timestamp);
    }

    private static boolean areKeys(List<String> keys) {
        return keys != null && !keys.isEmpty() && keys.size() <= MAX_KEYS
                && new HashSet<>(keys).size() == keys.size() && keys.stream().allMatch(Signature::isKey);
    }

    private static boolean isDate(long epochMillis) {
        return epochMillis >= EARLIEST && epochMillis <= LATEST;
    }

    /** Null where there is none, or something else. */
    static String text(JsonNode fields, String name) {
        JsonNode field = fields.get(name);
        return field != null && field.isTextual() ? field.textValue() : null;
    }

    /** Null where there is none, or something else. */
    static Long number(JsonNode fields, String name) {
        JsonNode field = fields.get(name);
        return field != null && field.isIntegralNumber() && field.canConvertToLong() ? field.longValue() : null;
    }

    /** Null where there is none, or something else. */
    static List<String> texts(JsonNode fields, String name) {
        JsonNode field = fields.get(name);
        if (field == null || !field.isArray()) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : field) {
            if (!one.isTextual()) {
                return null;
            }
            texts.add(one.textValue());
        }
        return texts;
    }
}
