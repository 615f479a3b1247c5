package org.charla.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
        Json.ObjectWriter ownFields = switch (event.type()) {
            case MESSAGE -> generator -> {
                generator.writeStringField("channel", ((RawEvent.Message) event).channel());
                generator.writeStringField("text", ((RawEvent.Message) event).text());
            };
            case PROFILE -> generator -> {
                generator.writeStringField("displayName", ((RawEvent.Profile) event).displayName());
                writeKeys(generator, ((RawEvent.Profile) event).keys());
            };
            case PROFILE_REMOVAL -> generator -> { };
        };
        return Json.writeObject(generator -> {
            generator.writeStringField("type", event.type().wireName());
            generator.writeStringField("messageId", event.messageId());
            generator.writeStringField("userId", event.userId());
            ownFields.write(generator);
            generator.writeNumberField("sentAt", event.sentAt());
        });
    }

    public static byte[] write(ChannelMessage message) {
        return Json.writeObject(generator -> {
            generator.writeStringField("messageId", message.messageId());
            generator.writeStringField("channel", message.channel());
            generator.writeObjectFieldStart("author");
            generator.writeStringField("userId", message.author().userId());
            generator.writeStringField("displayName", message.author().displayName());
            if (message.author().verified()) {
                generator.writeBooleanField("verified", true);
            }
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
            writeKeys(generator, profile.keys());
            generator.writeNumberField("updatedAt", profile.updatedAt());
        });
    }

    private static void writeKeys(JsonGenerator generator, List<String> keys) throws IOException {
        if (!keys.isEmpty()) {
            generator.writeArrayFieldStart("keys");
            for (String key : keys) {
                generator.writeString(key);
            }
            generator.writeEndArray();
        }
    }

    /**
     * Reads a record of a channel's topic. Readers skip what they don't know.
     *
     * @param value may be null
     * @return empty where it is of a type that this version doesn't know
     * @throws MalformedJsonException if it is not a channel message, and of no other type either
     */
    public static Optional<ChannelMessage> readChannelMessage(byte[] value) throws MalformedJsonException {
        try {
            return Json.readObject(value, Wire::readKnownRecord);
        } catch (MalformedJsonException e) {
            // Another version may write by rules of its own.
            if (isOfAnotherType(value)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<ChannelMessage> readKnownRecord(JsonParser parser) throws IOException, MalformedJsonException {
        RawEvent.Type type = RawEvent.Type.MESSAGE;
        String messageId = null;
        String channel = null;
        ChannelMessage.Author author = null;
        String text = null;
        Long sentAt = null;
        Long acceptedAt = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = Json.typeOrNull(parser);
                case "messageId" -> messageId = Json.stringOrNull(parser);
                case "channel" -> channel = Json.stringOrNull(parser);
                case "author" -> author = readAuthor(parser);
                case "text" -> text = Json.stringOrNull(parser);
                case "sentAt" -> sentAt = Json.longOrNull(parser);
                case "acceptedAt" -> acceptedAt = Json.longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        if (type != RawEvent.Type.MESSAGE) {
            return Optional.empty();
        }
        require(messageId, channel, author, text, sentAt, acceptedAt);
        return Optional.of(new ChannelMessage(messageId, channel, author, text, sentAt, acceptedAt));
    }

    private static boolean isOfAnotherType(byte[] value) {
        try {
            return Json.readAnyObject(value, parser -> {
                RawEvent.Type type = RawEvent.Type.MESSAGE;
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    if (name.equals("type")) {
                        type = Json.typeOrNull(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                return type != RawEvent.Type.MESSAGE;
            });
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    /** The author, or null where something is missing. */
    private static ChannelMessage.Author readAuthor(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String userId = null;
        String displayName = null;
        Boolean verified = false;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "userId" -> userId = Json.stringOrNull(parser);
                case "displayName" -> displayName = Json.stringOrNull(parser);
                case "verified" -> verified = Json.booleanOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        return userId == null || displayName == null || verified == null
                ? null : new ChannelMessage.Author(userId, displayName, verified);
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
            List<String> keys = List.of();
            Long updatedAt = null;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "userId" -> userId = Json.stringOrNull(parser);
                    case "displayName" -> displayName = Json.stringOrNull(parser);
                    case "keys" -> keys = Json.stringsOrNull(parser);
                    case "updatedAt" -> updatedAt = Json.longOrNull(parser);
                    default -> parser.skipChildren();
                }
            }
            require(userId, displayName, keys, updatedAt);
            return new UserProfile(userId, displayName, keys, updatedAt);
        });
    }

    /** Null stands for null: a tombstone. Reading what is not a profile throws a {@link SerializationException}. */
    public static Serde<UserProfile> userProfileSerde() {
        return serde(Wire::write, Wire::readUserProfile);
    }

    /**
     * Null stands for null, and for a record of a type that this version doesn't know. Reading what is no record of a
     * channel throws a {@link SerializationException}.
     */
    public static Serde<ChannelMessage> channelMessageSerde() {
        return serde(Wire::write, value -> readChannelMessage(value).orElse(null));
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
