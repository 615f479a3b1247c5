package org.charla.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

    private static final String TARGET = "target";

    private Wire() {
    }

    /** Writes a raw event. Any text can be written, also one that {@link EventRules} will refuse. */
    public static byte[] write(RawEvent event) {
        return Json.writeObject(generator -> {
            generator.writeStringField("type", event.type().wireName());
            generator.writeStringField("messageId", event.messageId());
            generator.writeStringField("userId", event.userId());
            if (event instanceof RawEvent.InChannel inChannel) {
                generator.writeStringField("channel", inChannel.channel());
            }
            writeOwnFields(generator, event);
            generator.writeNumberField("sentAt", event.sentAt());
        });
    }

    private static void writeOwnFields(JsonGenerator generator, RawEvent event) throws IOException {
        switch (event.type()) {
            case MESSAGE -> {
                RawEvent.Message message = (RawEvent.Message) event;
                writeText(generator, message.text(), message.replyTo());
            }
            case EDIT -> {
                RawEvent.Edit edit = (RawEvent.Edit) event;
                generator.writeStringField(TARGET, edit.target());
                generator.writeStringField("text", edit.text());
            }
            case DELETION -> generator.writeStringField(TARGET, ((RawEvent.Deletion) event).target());
            case REACTION -> {
                RawEvent.Reaction reaction = (RawEvent.Reaction) event;
                writeReactions(generator, reaction.target(), reaction.reactions());
            }
            case RULE -> {
                RawEvent.Rule rule = (RawEvent.Rule) event;
                writeRule(generator, rule.rule(), rule.value(), rule.until());
            }
            case PROFILE -> {
                RawEvent.Profile profile = (RawEvent.Profile) event;
                generator.writeStringField("displayName", profile.displayName());
                if (!profile.keys().isEmpty()) {
                    writeStrings(generator, "keys", profile.keys());
                }
            }
            case PROFILE_REMOVAL -> { }
        }
    }

    /** Writes a record of a channel's topic. */
    public static byte[] write(ChannelRecord record) {
        return Json.writeObject(generator -> writeFields(generator, record));
    }

    /** Writes the fields of a record of a channel's topic into an object, which may get more. */
    public static void writeFields(JsonGenerator generator, ChannelRecord record) throws IOException {
        if (record.type() != RawEvent.Type.MESSAGE) {
            generator.writeStringField("type", record.type().wireName());
        }
        writeHead(generator, record);
        writeOwnFields(generator, record);
        writeTimes(generator, record);
    }

    /** Of these fields, those that every record begins with: what it is known by, and whose it is. */
    public static void writeHead(JsonGenerator generator, ChannelRecord record) throws IOException {
        generator.writeStringField("messageId", record.messageId());
        generator.writeStringField("channel", record.channel());
        generator.writeObjectFieldStart("author");
        generator.writeStringField("userId", record.author().userId());
        generator.writeStringField("displayName", record.author().displayName());
        if (record.author().verified()) {
            generator.writeBooleanField("verified", true);
        }
        generator.writeEndObject();
    }

    /** Of these fields, those that every record ends with. */
    public static void writeTimes(JsonGenerator generator, ChannelRecord record) throws IOException {
        generator.writeNumberField("sentAt", record.sentAt());
        generator.writeNumberField("acceptedAt", record.acceptedAt());
    }

    private static void writeOwnFields(JsonGenerator generator, ChannelRecord record) throws IOException {
        if (record instanceof ChannelMessage message) {
            writeText(generator, message.text(), message.replyTo());
        } else if (record instanceof ChannelRecord.Edit edit) {
            generator.writeStringField(TARGET, edit.target());
            generator.writeStringField("text", edit.text());
        } else if (record instanceof ChannelRecord.Deletion deletion) {
            generator.writeStringField(TARGET, deletion.target());
        } else if (record instanceof ChannelRecord.Reaction reaction) {
            writeReactions(generator, reaction.target(), reaction.reactions());
        } else if (record instanceof ChannelRecord.Rule rule) {
            writeRule(generator, rule.rule(), rule.value(), rule.until());
        }
    }

    private static void writeText(JsonGenerator generator, String text, Optional<String> replyTo) throws IOException {
        generator.writeStringField("text", text);
        if (replyTo.isPresent()) {
            generator.writeStringField("replyTo", replyTo.get());
        }
    }

    private static void writeReactions(JsonGenerator generator, String target, List<String> reactions)
            throws IOException {
        generator.writeStringField(TARGET, target);
        writeStrings(generator, "reactions", reactions);
    }

    private static void writeRule(JsonGenerator generator, ChannelRule rule, String value, OptionalLong until)
            throws IOException {
        generator.writeStringField("rule", rule.wireName());
        generator.writeStringField("value", value);
        writeUntil(generator, until);
    }

    private static void writeUntil(JsonGenerator generator, OptionalLong until) throws IOException {
        if (until.isPresent()) {
            generator.writeNumberField("until", until.getAsLong());
        }
    }

    public static byte[] write(UserProfile profile) {
        return Json.writeObject(generator -> {
            generator.writeStringField("userId", profile.userId());
            generator.writeStringField("displayName", profile.displayName());
            if (!profile.keys().isEmpty()) {
                writeStrings(generator, "keys", profile.keys());
            }
            generator.writeNumberField("updatedAt", profile.updatedAt());
        });
    }

    /** Writes a list of strings as a field. */
    public static void writeStrings(JsonGenerator generator, String field, List<String> strings) throws IOException {
        generator.writeArrayFieldStart(field);
        for (String string : strings) {
            generator.writeString(string);
        }
        generator.writeEndArray();
    }

    public static byte[] write(ChannelRules rules) {
        return Json.writeObject(generator -> writeFields(generator, rules));
    }

    /** Writes the fields of what holds in a channel into an object. */
    public static void writeFields(JsonGenerator generator, ChannelRules rules) throws IOException {
        generator.writeStringField("channel", rules.channel());
        generator.writeStringField("title", rules.title());
        if (rules.owner().isPresent()) {
            generator.writeStringField("owner", rules.owner().get());
        }
        writeStrings(generator, "moderators", rules.moderators());
        generator.writeStringField("posting", rules.posting().wireName());
        generator.writeNumberField("slowModeSeconds", rules.slowModeSeconds());
        generator.writeArrayFieldStart("muted");
        for (ChannelRules.Mute mute : rules.muted()) {
            generator.writeStartObject();
            generator.writeStringField("userId", mute.userId());
            writeUntil(generator, mute.until());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeNumberField("updatedAt", rules.updatedAt());
    }

    /**
     * Reads a record of a channel's topic. Readers skip what they don't know.
     *
     * @param value may be null
     * @return empty where it is of a type, or rules something, that this version doesn't know
     * @throws MalformedJsonException if it is no record of a channel, and of no other type either
     */
    public static Optional<ChannelRecord> readChannelRecord(byte[] value) throws MalformedJsonException {
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

    /** Like {@link #readChannelRecord}, and empty also where it is no message. */
    public static Optional<ChannelMessage> readChannelMessage(byte[] value) throws MalformedJsonException {
        return readChannelRecord(value).filter(ChannelMessage.class::isInstance).map(ChannelMessage.class::cast);
    }

    private static Optional<ChannelRecord> readKnownRecord(JsonParser parser)
            throws IOException, MalformedJsonException {
        RawEvent.Type type = RawEvent.Type.MESSAGE;
        String messageId = null;
        String channel = null;
        Author author = null;
        String target = null;
        String text = null;
        Optional<String> replyTo = Optional.empty();
        List<String> reactions = null;
        String rule = null;
        String value = null;
        OptionalLong until = OptionalLong.empty();
        Long sentAt = null;
        Long acceptedAt = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "type" -> type = Json.typeOrNull(parser);
                case "messageId" -> messageId = Json.stringOrNull(parser);
                case "channel" -> channel = Json.stringOrNull(parser);
                case "author" -> author = readAuthor(parser);
                case "target" -> target = Json.stringOrNull(parser);
                case "text" -> text = Json.stringOrNull(parser);
                case "replyTo" -> replyTo = Optional.of(required(Json.stringOrNull(parser)));
                case "reactions" -> reactions = Json.stringsOrNull(parser);
                case "rule" -> rule = Json.stringOrNull(parser);
                case "value" -> value = Json.stringOrNull(parser);
                case "until" -> until = OptionalLong.of(required(Json.longOrNull(parser)));
                case "sentAt" -> sentAt = Json.longOrNull(parser);
                case "acceptedAt" -> acceptedAt = Json.longOrNull(parser);
                default -> parser.skipChildren();
            }
        }
        if (type == null || type == RawEvent.Type.PROFILE || type == RawEvent.Type.PROFILE_REMOVAL) {
            return Optional.empty();
        }
        required(messageId, channel, author, sentAt, acceptedAt);
        return switch (type) {
            case MESSAGE -> Optional.of(new ChannelMessage(
                    messageId, channel, author, required(text), replyTo, sentAt, acceptedAt));
            case EDIT -> Optional.of(new ChannelRecord.Edit(
                    messageId, channel, author, required(target), required(text), sentAt, acceptedAt));
            case DELETION -> Optional.of(new ChannelRecord.Deletion(
                    messageId, channel, author, required(target), sentAt, acceptedAt));
            case REACTION -> Optional.of(new ChannelRecord.Reaction(
                    messageId, channel, author, required(target), required(reactions), sentAt, acceptedAt));
            case RULE -> rule(messageId, channel, author, required(rule), required(value), until, sentAt, acceptedAt);
            case PROFILE, PROFILE_REMOVAL -> Optional.empty();
        };
    }

    private static Optional<ChannelRecord> rule(String messageId, String channel, Author author, String rule,
            String value, OptionalLong until, long sentAt, long acceptedAt) {
        return ChannelRule.named(rule).map(known ->
                new ChannelRecord.Rule(messageId, channel, author, known, value, until, sentAt, acceptedAt));
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
                return type == null;
            });
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    /** The author, or null where something is missing. */
    private static Author readAuthor(JsonParser parser) throws IOException {
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
                ? null : new Author(userId, displayName, verified);
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
            required(userId, displayName, keys, updatedAt);
            return new UserProfile(userId, displayName, keys, updatedAt);
        });
    }

    /**
     * Reads a value of {@link Topics#CHANNELS}.
     *
     * @param value may be null
     * @throws MalformedJsonException if it is not what holds in a channel
     */
    public static ChannelRules readChannelRules(byte[] value) throws MalformedJsonException {
        return Json.readObject(value, ChannelRules.MAX_BYTES, parser -> {
            String channel = null;
            String title = null;
            Optional<String> owner = Optional.empty();
            List<String> moderators = null;
            String posting = null;
            Long slowModeSeconds = null;
            List<ChannelRules.Mute> muted = null;
            Long updatedAt = null;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "channel" -> channel = Json.stringOrNull(parser);
                    case "title" -> title = Json.stringOrNull(parser);
                    case "owner" -> owner = Optional.of(required(Json.stringOrNull(parser)));
                    case "moderators" -> moderators = Json.stringsOrNull(parser);
                    case "posting" -> posting = Json.stringOrNull(parser);
                    case "slowModeSeconds" -> slowModeSeconds = Json.longOrNull(parser);
                    case "muted" -> muted = Json.listOrNull(parser, Wire::readMute);
                    case "updatedAt" -> updatedAt = Json.longOrNull(parser);
                    default -> parser.skipChildren();
                }
            }
            required(channel, title, moderators, posting, slowModeSeconds, muted, updatedAt);
            if (slowModeSeconds < 0 || slowModeSeconds > ChannelRule.MAX_SLOW_MODE_SECONDS) {
                throw new MalformedJsonException("The slowModeSeconds is not from 0 to "
                        + ChannelRule.MAX_SLOW_MODE_SECONDS + ".");
            }
            return new ChannelRules(channel, title, owner, moderators,
                    required(ChannelRules.Posting.named(posting).orElse(null)), slowModeSeconds.intValue(), muted,
                    updatedAt);
        });
    }

    /** A user who is muted, or null where something is missing. */
    private static ChannelRules.Mute readMute(JsonParser parser) throws IOException, MalformedJsonException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String userId = null;
        OptionalLong until = OptionalLong.empty();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "userId" -> userId = Json.stringOrNull(parser);
                case "until" -> until = OptionalLong.of(required(Json.longOrNull(parser)));
                default -> parser.skipChildren();
            }
        }
        return userId == null ? null : new ChannelRules.Mute(userId, until);
    }

    /** Null stands for null: a tombstone. Reading what is not a profile throws a {@link SerializationException}. */
    public static Serde<UserProfile> userProfileSerde() {
        return serde(Wire::write, Wire::readUserProfile);
    }

    /**
     * Null stands for null, and for a record of a type that this version doesn't know. Reading what is no record of a
     * channel throws a {@link SerializationException}.
     */
    public static Serde<ChannelRecord> channelRecordSerde() {
        return serde(Wire::write, value -> readChannelRecord(value).orElse(null));
    }

    /** Like {@link #channelRecordSerde}, where null stands for all that is no message. */
    public static Serde<ChannelMessage> channelMessageSerde() {
        return serde(Wire::write, value -> readChannelMessage(value).orElse(null));
    }

    /** Null stands for null: a tombstone. Reading what is no such value throws a {@link SerializationException}. */
    public static Serde<ChannelRules> channelRulesSerde() {
        return serde(Wire::write, Wire::readChannelRules);
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

    private static void required(Object... fields) throws MalformedJsonException {
        for (Object field : fields) {
            required(field);
        }
    }

    private static <T> T required(T field) throws MalformedJsonException {
        if (field == null) {
            throw new MalformedJsonException("A field of the record is missing or of the wrong type.");
        }
        return field;
    }
}
