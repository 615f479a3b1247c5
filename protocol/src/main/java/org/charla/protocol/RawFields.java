package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * The fields of a raw event as they came, before any rule but the one for the record as a whole. A field that is
 * missing or of the wrong JSON type is null. Two may be absent: the type, since that means {@code message}, is null
 * where nobody knows it; the keys are null only where they are absent, and {@link #NO_KEYS} where they are no list of
 * strings.
 */
record RawFields(
        RawEvent.Type type, String messageId, String userId, String channel, String text, String displayName,
        List<String> keys, Long sentAt) {

    /** What no rule allows. */
    private static final List<String> NO_KEYS = List.of();

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
                yield of(event, message.channel(), message.text(), null, null);
            }
            case PROFILE -> {
                RawEvent.Profile profile = (RawEvent.Profile) event;
                yield of(event, null, null, profile.displayName(), profile.keys().isEmpty() ? null : profile.keys());
            }
            case PROFILE_REMOVAL -> of(event, null, null, null, null);
        };
    }

    private static RawFields of(RawEvent event, String channel, String text, String displayName, List<String> keys) {
        return new RawFields(
                event.type(), event.messageId(), event.userId(), channel, text, displayName, keys, event.sentAt());
    }

    private static RawFields read(JsonParser parser) throws IOException {
        RawEvent.Type type = RawEvent.Type.MESSAGE;
        String messageId = null;
        String userId = null;
        String channel = null;
        String text = null;
        String displayName = null;
        List<String> keys = null;
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
                case "keys" -> keys = Objects.requireNonNullElse(Json.stringsOrNull(parser), NO_KEYS);
                case "sentAt" -> sentAt = Json.longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        return new RawFields(type, messageId, userId, channel, text, displayName, keys, sentAt);
    }
}
