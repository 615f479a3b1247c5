package org.charla.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The JSON of every record. Reading is strict in what is there (types, no field twice) and ignores fields that it
 * does not know. All of it is thread-safe.
 */
public final class Wire {

    private Wire() {
    }

    /** Writes a raw event. Any text can be written, also one that {@link EventRules} will refuse. */
    public static byte[] write(RawEvent event) {
        return Json.writeObject(generator -> {
            generator.writeStringField("type", typeOf(event));
            generator.writeStringField("messageId", event.messageId());
            generator.writeStringField("userId", event.userId());
            if (event instanceof RawEvent.Message message) {
                generator.writeStringField("channel", message.channel());
                generator.writeStringField("text", message.text());
            } else if (event instanceof RawEvent.Profile profile) {
                generator.writeStringField("displayName", profile.displayName());
            }
            generator.writeNumberField("sentAt", event.sentAt());
        });
    }

    static String typeOf(RawEvent event) {
        if (event instanceof RawEvent.Message) {
            return "message";
        }
        return event instanceof RawEvent.Profile ? "profile" : "profile-removal";
    }

    public static byte[] write(ChannelMessage message) {
        return Json.writeObject(generator -> {
            generator.writeStringField("messageId", message.messageId());
            generator.writeStringField("channel", message.channel());
            generator.writeObjectFieldStart("author");
            generator.writeStringField("userId", message.author().userId());
            generator.writeStringField("displayName", message.author().displayName());
            generator.writeEndObject();
            generator.writeStringField("text", message.text());
            generator.writeNumberField("sentAt", message.sentAt());
            generator.writeNumberField("acceptedAt", message.acceptedAt());
        });
    }

    public static byte[] write(UserProfile profile) {
        return Json.writeObject(generator -> {
            generator.writeStringField("userId", profile.userId());
            generator.writeStringField("displayName", profile.displayName());
            generator.writeNumberField("updatedAt", profile.updatedAt());
        });
    }

    /**
     * Reads a record of a channel's topic.
     *
     * @param value may be null
     * @throws MalformedJsonException if it is not a channel message
     */
    public static ChannelMessage readChannelMessage(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, parser -> {
            String messageId = null;
            String channel = null;
            ChannelMessage.Author author = null;
            String text = null;
            Long sentAt = null;
            Long acceptedAt = null;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "messageId" -> messageId = Json.stringOrNull(parser);
                    case "channel" -> channel = Json.stringOrNull(parser);
                    case "author" -> author = readAuthor(parser);
                    case "text" -> text = Json.stringOrNull(parser);
                    case "sentAt" -> sentAt = Json.longOrNull(parser);
                    case "acceptedAt" -> acceptedAt = Json.longOrNull(parser);
                    default -> parser.skipChildren();
                }
            }
            require(messageId, channel, author, text, sentAt, acceptedAt);
            return new ChannelMessage(messageId, channel, author, text, sentAt, acceptedAt);
        });
    }

    private static ChannelMessage.Author readAuthor(JsonParser parser) throws IOException, MalformedJsonException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String userId = null;
        String displayName = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "userId" -> userId = Json.stringOrNull(parser);
                case "displayName" -> displayName = Json.stringOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        require(userId, displayName);
        return new ChannelMessage.Author(userId, displayName);
    }

    /**
     * Reads a value of {@link Topics#USERS}.
     *
     * @param value may be null
     * @throws MalformedJsonException if it is not a user profile
     */
    public static UserProfile readUserProfile(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, parser -> {
            String userId = null;
            String displayName = null;
            Long updatedAt = null;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "userId" -> userId = Json.stringOrNull(parser);
                    case "displayName" -> displayName = Json.stringOrNull(parser);
                    case "updatedAt" -> updatedAt = Json.longOrNull(parser);
                    default -> parser.skipChildren();
                }
            }
            require(userId, displayName, updatedAt);
            return new UserProfile(userId, displayName, updatedAt);
        });
    }

    /** Null stands for null: a tombstone. Reading what is not a profile throws a {@link SerializationException}. */
    public static Serde<UserProfile> userProfileSerde() {
        return serde(Wire::write, Wire::readUserProfile);
    }

    /** Reading what is not a channel message throws a {@link SerializationException}. */
    public static Serde<ChannelMessage> channelMessageSerde() {
        return serde(Wire::write, Wire::readChannelMessage);
    }

    private interface Reader<T> {
        T read(byte[] value) throws MalformedJsonException;
    }

    private interface Writer<T> {
        byte[] write(T value);
    }

    private static <T> Serde<T> serde(Writer<T> writer, Reader<T> reader) {
        Serializer<T> serializer = (topic, value) -> value == null ? null : writer.write(value);
        Deserializer<T> deserializer = (topic, value) -> {
            try {
                return value == null ? null : reader.read(value);
            } catch (MalformedJsonException e) {
                throw new SerializationException(e.getMessage(), e);
            }
        };
        return Serdes.serdeFrom(serializer, deserializer);
    }

    private static void require(Object... fields) throws MalformedJsonException {
        for (Object field : fields) {
            if (field == null) {
                throw new MalformedJsonException("A field of the record is missing or of the wrong type.");
            }
        }
    }
}
