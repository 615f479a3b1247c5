package org.charla.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A record of a channel, by the names that the contract has; what is absent is null. */
record ChannelEntry(Event.Type type, String messageId, String channel, String userId, String displayName,
        boolean verified, String text, String replyTo, String target, List<String> reactions, String rule,
        String value, Long until, Long sentAt, Long acceptedAt) {

    /** Null where it is none: a reader skips what it doesn't know. */
    static ChannelEntry read(byte[] value) {
        JsonNode fields = Reading.object(value);
        if (fields == null) {
            return null;
        }
        Event.Type type = fields.has("type") ? Event.Type.named(Reading.text(fields, "type")) : Event.Type.MESSAGE;
        JsonNode author = fields.path("author");
        return type == null ? null : new ChannelEntry(type, Reading.text(fields, "messageId"),
                Reading.text(fields, "channel"), Reading.text(author, "userId"), Reading.text(author, "displayName"),
                author.path("verified").asBoolean(), Reading.text(fields, "text"), Reading.text(fields, "replyTo"),
                Reading.text(fields, "target"), Reading.texts(fields, "reactions"), Reading.text(fields, "rule"),
                Reading.text(fields, "value"), Reading.number(fields, "until"), Reading.number(fields, "sentAt"),
                Reading.number(fields, "acceptedAt"));
    }

    /** What an accepted event becomes. */
    static ChannelEntry of(Event event, String displayName, boolean verified, long acceptedAt) {
        boolean hasText = event.type() == Event.Type.MESSAGE || event.type() == Event.Type.EDIT;
        boolean isMessage = event.type() == Event.Type.MESSAGE;
        boolean isRule = event.type() == Event.Type.RULE;
        return new ChannelEntry(event.type(), event.messageId(), event.channel(), event.userId(), displayName, verified,
                hasText ? event.text() : null, isMessage ? event.replyTo() : null,
                isMessage || isRule ? null : event.target(),
                event.type() == Event.Type.REACTION ? event.reactions() : null, isRule ? event.rule() : null,
                isRule ? event.value() : null, isRule ? event.until() : null, event.sentAt(), acceptedAt);
    }

    String id() {
        return userId + ':' + messageId;
    }

    long hash() {
        return Hash.of(toString());
    }
}
