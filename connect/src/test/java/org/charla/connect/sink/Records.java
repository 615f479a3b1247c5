package org.charla.connect.sink;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records as Kafka has them, and as they come to the sink. */
final class Records {

    private Records() {
    }

    static SinkRecord raw(String topic, long offset, String key, String value) {
        return new SinkRecord(topic, 0, null, key, null,
                value == null ? null : value.getBytes(StandardCharsets.UTF_8), offset);
    }

    static String messageJson(String id, String text) {
        return """
                {"messageId":"%s","channel":"general","author":{"userId":"alice","displayName":"Alice"},"text":"%s",\
                "sentAt":1763791200123,"acceptedAt":1763791200140}""".formatted(id, text);
    }

    static String profileJson(String userId, String displayName) {
        return "{\"userId\":\"%s\",\"displayName\":\"%s\",\"updatedAt\":1763791200105}".formatted(userId, displayName);
    }

    /** The message {@code m<offset>}, whose document is {@code alice:m<offset>}. */
    static SinkRecord message(long offset) {
        return message(offset, "m" + offset, "hola");
    }

    static SinkRecord message(long offset, String id, String text) {
        try (ChannelMessageDocument document = new ChannelMessageDocument()) {
            return document.apply(raw(Settings.CHANNEL, offset, "alice:" + id, messageJson(id, text)));
        }
    }

    /** Of a message of Alice's. */
    static SinkRecord edit(long offset, String target) {
        try (ChannelMessageDocument document = new ChannelMessageDocument()) {
            return document.apply(raw(Settings.CHANNEL, offset, "alice:c" + offset, messageJson("c" + offset, "adiós")
                    .replaceFirst("\\{", "{\"type\":\"edit\",\"target\":\"alice:" + target + "\",")));
        }
    }

    static SinkRecord profile(long offset, String userId, String displayName) {
        try (UserProfileDocument document = new UserProfileDocument()) {
            return document.apply(raw(Settings.USERS, offset, userId,
                    displayName == null ? null : profileJson(userId, displayName)));
        }
    }
}
