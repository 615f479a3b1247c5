package org.charla.client.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Wire;

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
            Wire.writeHead(generator, message);
            if (placed.deleted().isEmpty()) {
                generator.writeStringField("text", message.text());
            }
            if (message.replyTo().isPresent()) {
                generator.writeStringField("replyTo", message.replyTo().get());
            }
            Wire.writeTimes(generator, message);
            generator.writeNumberField("position", placed.position());
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
                    Wire.writeStrings(generator, "reactions", reacted.reactions());
                    generator.writeNumberField("position", reacted.position());
                    generator.writeEndObject();
                }
                generator.writeEndArray();
            }
        });
    }

    /** A record of a channel with its position, as the contract has it. */
    public static String of(PlacedRecord placed) {
        return of(generator -> {
            Wire.writeFields(generator, placed.record());
            generator.writeNumberField("position", placed.position());
        });
    }

    /** What holds in a channel, as in its topic. */
    public static String of(ChannelRules rules) {
        return of(generator -> Wire.writeFields(generator, rules));
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
