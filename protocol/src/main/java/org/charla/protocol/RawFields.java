package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The fields of a raw event as they came, before any rule but the one for the record as a whole. A field that is
 * missing or of the wrong JSON type is null; only the type differs, since its absence means {@code message}.
 */
record RawFields(
        String type, String messageId, String userId, String channel, String text, String displayName, Long sentAt) {

    /** The digits of {@link Long#MIN_VALUE} and its sign: no longer number can be a long. */
    private static final int MAX_LONG_LENGTH = 20;

    /**
     * Reads one JSON object, strictly, and keeps what the contract names.
     *
     * @throws MalformedJsonException if the value is missing, too large, not UTF-8, or not one JSON object
     */
    static RawFields parse(byte[] value) throws MalformedJsonException {
        if (value == null) {
            throw new MalformedJsonException("The record has no value.");
        }
        if (value.length > EventRules.MAX_RECORD_BYTES) {
            throw new MalformedJsonException("The record has " + value.length + " bytes; at most "
                    + EventRules.MAX_RECORD_BYTES + " are allowed.");
        }
        return Json.readObject(value, RawFields::read);
    }

    private static RawFields read(JsonParser parser) throws IOException {
        String type = "message";
        String messageId = null;
        String userId = null;
        String channel = null;
        String text = null;
        String displayName = null;
        Long sentAt = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = stringOr("", parser);
                case "messageId" -> messageId = stringOr(null, parser);
                case "userId" -> userId = stringOr(null, parser);
                case "channel" -> channel = stringOr(null, parser);
                case "text" -> text = stringOr(null, parser);
                case "displayName" -> displayName = stringOr(null, parser);
                case "sentAt" -> sentAt = longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        return new RawFields(type, messageId, userId, channel, text, displayName, sentAt);
    }

    private static String stringOr(String otherwise, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return otherwise;
    }

    private static Long longOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getTextLength() <= MAX_LONG_LENGTH
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return null;
    }
}
