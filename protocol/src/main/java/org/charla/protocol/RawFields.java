package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Objects;

/**
 * The fields of a raw event as they came, before any rule but the one for the record as a whole. A field that is
 * missing or of the wrong JSON type is null; only the type differs, since its absence means {@code message}.
 */
record RawFields(
        String type, String messageId, String userId, String channel, String text, String displayName, Long sentAt) {

    /**
     * Reads one JSON object, strictly, and keeps what the contract names.
     *
     * @throws MalformedJsonException if the value is missing, too large, not UTF-8, or not one JSON object
     */
    static RawFields parse(byte[] value) throws MalformedJsonException {
        if (value == null) {
            throw new MalformedJsonException("The record has no value.");
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
                case "type" -> type = Objects.requireNonNullElse(Json.stringOrNull(parser), "");
                case "messageId" -> messageId = Json.stringOrNull(parser);
                case "userId" -> userId = Json.stringOrNull(parser);
                case "channel" -> channel = Json.stringOrNull(parser);
                case "text" -> text = Json.stringOrNull(parser);
                case "displayName" -> displayName = Json.stringOrNull(parser);
                case "sentAt" -> sentAt = Json.longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        return new RawFields(type, messageId, userId, channel, text, displayName, sentAt);
    }
}
