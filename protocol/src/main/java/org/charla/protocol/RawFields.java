package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * The fields of a raw event as they came, before any rule but the one for the record as a whole. A field that is
 * missing or of the wrong JSON type is null. Some may be absent, and what is there but of the wrong type must not pass
 * for that: the type, since that means {@code message}, is null where nobody knows it; the others are null only where
 * they are absent, and otherwise what no rule allows ({@link #NO_KEYS}, {@link #NO_MESSAGE}, {@link #NO_DATE}).
 */
record RawFields(
        RawEvent.Type type, String messageId, String userId, String channel, String target, String text,
        String replyTo, List<String> reactions, String rule, String value, Long until, String displayName,
        List<String> keys, Long sentAt) {

    private static final List<String> NO_KEYS = List.of();
    private static final String NO_MESSAGE = "";
    private static final Long NO_DATE = Long.MIN_VALUE;

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
        Fields fields = new Fields();
        fields.type = event.type();
        fields.messageId = event.messageId();
        fields.userId = event.userId();
        fields.sentAt = event.sentAt();
        if (event instanceof RawEvent.InChannel inChannel) {
            fields.channel = inChannel.channel();
        }
        switch (event.type()) {
            case MESSAGE -> {
                RawEvent.Message message = (RawEvent.Message) event;
                fields.text = message.text();
                fields.replyTo = message.replyTo().orElse(null);
            }
            case EDIT -> {
                RawEvent.Edit edit = (RawEvent.Edit) event;
                fields.target = edit.target();
                fields.text = edit.text();
            }
            case DELETION -> fields.target = ((RawEvent.Deletion) event).target();
            case REACTION -> {
                RawEvent.Reaction reaction = (RawEvent.Reaction) event;
                fields.target = reaction.target();
                fields.reactions = reaction.reactions();
            }
            case RULE -> {
                RawEvent.Rule rule = (RawEvent.Rule) event;
                fields.rule = rule.rule().wireName();
                fields.value = rule.value();
                fields.until = rule.until().isPresent() ? rule.until().getAsLong() : null;
            }
            case PROFILE -> {
                RawEvent.Profile profile = (RawEvent.Profile) event;
                fields.displayName = profile.displayName();
                fields.keys = profile.keys().isEmpty() ? null : profile.keys();
            }
            case PROFILE_REMOVAL -> { }
        }
        return fields.build();
    }

    private static RawFields read(JsonParser parser) throws IOException {
        Fields fields = new Fields();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> fields.type = Json.typeOrNull(parser);
                case "messageId" -> fields.messageId = Json.stringOrNull(parser);
                case "userId" -> fields.userId = Json.stringOrNull(parser);
                case "channel" -> fields.channel = Json.stringOrNull(parser);
                case "target" -> fields.target = Json.stringOrNull(parser);
                case "text" -> fields.text = Json.stringOrNull(parser);
                case "replyTo" -> fields.replyTo = Objects.requireNonNullElse(Json.stringOrNull(parser), NO_MESSAGE);
                case "reactions" -> fields.reactions = Json.stringsOrNull(parser);
                case "rule" -> fields.rule = Json.stringOrNull(parser);
                case "value" -> fields.value = Json.stringOrNull(parser);
                case "until" -> fields.until = Objects.requireNonNullElse(Json.longOrNull(parser), NO_DATE);
                case "displayName" -> fields.displayName = Json.stringOrNull(parser);
                case "keys" -> fields.keys = Objects.requireNonNullElse(Json.stringsOrNull(parser), NO_KEYS);
                case "sentAt" -> fields.sentAt = Json.longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        return fields.build();
    }

    /** Filled one by one. */
    private static final class Fields {
        private RawEvent.Type type = RawEvent.Type.MESSAGE;
        private String messageId;
        private String userId;
        private String channel;
        private String target;
        private String text;
        private String replyTo;
        private List<String> reactions;
        private String rule;
        private String value;
        private Long until;
        private String displayName;
        private List<String> keys;
        private Long sentAt;

        private RawFields build() {
            return new RawFields(type, messageId, userId, channel, target, text, replyTo, reactions, rule, value, until,
                    displayName, keys, sentAt);
        }
    }
}
