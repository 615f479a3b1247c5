package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * The fields of a raw event as they came, before any rule but the one for the record as a whole. A field that is
 * missing or of the wrong JSON type is null; only the type differs, since its absence means {@code message}: it is null
 * where nobody knows it.
 */
record RawFields(
        RawEvent.Type type, String messageId, String userId, String channel, String text, String displayName, Long sentAt) {

    /**
     * Reads one JSON object, strictly, and keeps what the contract names.
     *
     * @throws MalformedJsonException if the value is missing, too large, not UTF-8, or not one JSON object
     */
    static RawFields parse(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, RawFields::read);
    }

    /** The fields that the event is written with. */
    static RawFields of(RawEvent event) {
        return switch (event.type()) {
            case MESSAGE -> {
                RawEvent.Message message = (RawEvent.Message) event;
                yield of(event, message.channel(), message.text(), null);
            }
            case PROFILE -> of(event, null, null, ((RawEvent.Profile) event).displayName());
            case PROFILE_REMOVAL -> of(event, null, null, null);
        };
    }

    private static RawFields of(RawEvent event, String channel, String text, String displayName) {
        return new RawFields(event.type(), event.messageId(), event.userId(), channel, text, displayName, event.sentAt());
    }

    private static RawFields read(JsonParser parser) throws IOException {
        RawEvent.Type type = RawEvent.Type.MESSAGE;
        String messageId = null;
        String userId = null;
        String channel = null;
        String text = null;
        String displayName = null;
        Long sentAt = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = Json.typeOrNull(parser);
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
