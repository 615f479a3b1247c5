package org.charla.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
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
        Json.ObjectWriter fields = generator -> writeFields(event, generator);
        return isWellFormed(event) ? Json.writeObject(fields) : Json.writeEscapedObject(fields);
    }

    private static boolean isWellFormed(RawEvent event) {
        if (event instanceof RawEvent.Message message) {
            return Unicode.isWellFormed(message.userId())
                    && Unicode.isWellFormed(message.channel()) && Unicode.isWellFormed(message.text());
        }
        if (event instanceof RawEvent.Profile profile) {
            return Unicode.isWellFormed(profile.userId()) && Unicode.isWellFormed(profile.displayName());
        }
        return Unicode.isWellFormed(event.userId());
    }

    private static void writeFields(RawEvent event, JsonGenerator generator) throws IOException {
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
    }

    private static String typeOf(RawEvent event) {
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
     * @throws MalformedJsonException if it is not a channel message
     */
    public static ChannelMessage readChannelMessage(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, parser -> {
            String messageId = null;
            String channel = null;
            ChannelMessage.Author author = null;
            String text = null;
            long sentAt = 0;
            long acceptedAt = 0;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "messageId" -> messageId = string(parser);
                    case "channel" -> channel = string(parser);
                    case "author" -> author = readAuthor(parser);
                    case "text" -> text = string(parser);
                    case "sentAt" -> sentAt = parser.getLongValue();
                    case "acceptedAt" -> acceptedAt = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
            require(parser, messageId, channel, author, text);
            return new ChannelMessage(messageId, channel, author, text, sentAt, acceptedAt);
        });
    }

    private static ChannelMessage.Author readAuthor(JsonParser parser) throws IOException {
        expect(parser, JsonToken.START_OBJECT);
        String userId = null;
        String displayName = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "userId" -> userId = string(parser);
                case "displayName" -> displayName = string(parser);
                default -> parser.skipChildren();
            }
        }
        require(parser, userId, displayName);
        return new ChannelMessage.Author(userId, displayName);
    }

    /**
     * Reads a value of {@link Topics#USERS}.
     *
     * @throws MalformedJsonException if it is not a user profile
     */
    public static UserProfile readUserProfile(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, parser -> {
            String userId = null;
            String displayName = null;
            long updatedAt = 0;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "userId" -> userId = string(parser);
                    case "displayName" -> displayName = string(parser);
                    case "updatedAt" -> updatedAt = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
            require(parser, userId, displayName);
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

    private static String string(JsonParser parser) throws IOException {
        expect(parser, JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private static void expect(JsonParser parser, JsonToken token) throws IOException {
        if (parser.currentToken() != token) {
            throw new JsonParseException(parser, "expected " + token);
        }
    }

    private static void require(JsonParser parser, Object... fields) throws IOException {
        for (Object field : fields) {
            if (field == null) {
                throw new JsonParseException(parser, "a field is missing");
            }
        }
    }
}
