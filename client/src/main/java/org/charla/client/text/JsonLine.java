package org.charla.client.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;

/** One JSON object on one line, in which all that could do harm to a terminal is escaped. */
public final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {
    }

    /** Writes the fields of an object. */
    public interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }

    public static String of(Fields fields) {
        StringWriter json = new StringWriter(256);
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return escape(json.toString());
    }

    /** A channel message as it is by now, with its position, as the contract has it. */
    public static String of(PlacedMessage placed) {
        ChannelMessage message = placed.message();
        return of(generator -> {
            writeBegin(generator, message);
            if (placed.deleted().isEmpty()) {
                generator.writeStringField("text", message.text());
            }
            if (message.replyTo().isPresent()) {
                generator.writeStringField("replyTo", message.replyTo().get());
            }
            writeEnd(generator, message, placed.position());
            if (placed.edited().isPresent()) {
                generator.writeObjectFieldStart("edited");
                generator.writeNumberField("at", placed.edited().get().at());
                generator.writeNumberField("position", placed.edited().get().position());
                generator.writeEndObject();
            }
            if (placed.deleted().isPresent()) {
                generator.writeObjectFieldStart("deleted");
                generator.writeNumberField("at", placed.deleted().get().at());
                generator.writeStringField("by", placed.deleted().get().by());
                generator.writeNumberField("position", placed.deleted().get().position());
                generator.writeEndObject();
            }
            if (!placed.reactions().isEmpty()) {
                generator.writeArrayFieldStart("reactions");
                for (PlacedMessage.Reacted reacted : placed.reactions()) {
                    generator.writeStartObject();
                    generator.writeStringField("userId", reacted.userId());
                    writeStrings(generator, "reactions", reacted.reactions());
                    generator.writeNumberField("position", reacted.position());
                    generator.writeEndObject();
                }
                generator.writeEndArray();
            }
        });
    }

    /** A record of a channel with its position, as the contract has it. */
    public static String of(PlacedRecord placed) {
        ChannelRecord record = placed.record();
        if (record instanceof ChannelMessage message) {
            return of(new PlacedMessage(placed.position(), message));
        }
        return of(generator -> {
            generator.writeStringField("type", record.type().wireName());
            writeBegin(generator, record);
            if (record instanceof ChannelRecord.Edit edit) {
                generator.writeStringField("target", edit.target());
                generator.writeStringField("text", edit.text());
            } else if (record instanceof ChannelRecord.Deletion deletion) {
                generator.writeStringField("target", deletion.target());
            } else if (record instanceof ChannelRecord.Reaction reaction) {
                generator.writeStringField("target", reaction.target());
                writeStrings(generator, "reactions", reaction.reactions());
            } else if (record instanceof ChannelRecord.Rule rule) {
                generator.writeStringField("rule", rule.rule().wireName());
                generator.writeStringField("value", rule.value());
                writeUntil(generator, rule.until());
            }
            writeEnd(generator, record, placed.position());
        });
    }

    /** What holds in a channel, as in its topic. */
    public static String of(ChannelRules rules) {
        return of(generator -> {
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
        });
    }

    private static void writeBegin(JsonGenerator generator, ChannelRecord record) throws IOException {
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

    private static void writeEnd(JsonGenerator generator, ChannelRecord record, long position) throws IOException {
        generator.writeNumberField("sentAt", record.sentAt());
        generator.writeNumberField("acceptedAt", record.acceptedAt());
        generator.writeNumberField("position", position);
    }

    private static void writeUntil(JsonGenerator generator, OptionalLong until) throws IOException {
        if (until.isPresent()) {
            generator.writeNumberField("until", until.getAsLong());
        }
    }

    /** A list of strings as a field. */
    public static void writeStrings(JsonGenerator generator, String field, List<String> strings) throws IOException {
        generator.writeArrayFieldStart(field);
        for (String string : strings) {
            generator.writeString(string);
        }
        generator.writeEndArray();
    }

    /** What stands outside ASCII stands in a string, where JSON has an escape for it (RFC 8259, section 7). */
    private static String escape(String json) {
        if (json.codePoints().noneMatch(JsonLine::isUnprintable)) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 32);
        json.codePoints().forEach(c -> {
            if (isUnprintable(c)) {
                for (char unit : Character.toChars(c)) {
                    escaped.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    private static boolean isUnprintable(int c) {
        return c >= 0x7F && (HarmlessText.isHarmful(c)
                || Character.getType(c) == Character.UNASSIGNED || Character.getType(c) == Character.PRIVATE_USE);
    }
}
