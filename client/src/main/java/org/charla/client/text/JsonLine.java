package org.charla.client.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.charla.access.PlacedMessage;

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

    /** A channel message with its position, as the contract has it. */
    public static String of(PlacedMessage placed) {
        return of(generator -> {
            generator.writeStringField("messageId", placed.message().messageId());
            generator.writeStringField("channel", placed.message().channel());
            generator.writeObjectFieldStart("author");
            generator.writeStringField("userId", placed.message().author().userId());
            generator.writeStringField("displayName", placed.message().author().displayName());
            if (placed.message().author().verified()) {
                generator.writeBooleanField("verified", true);
            }
            generator.writeEndObject();
            generator.writeStringField("text", placed.message().text());
            generator.writeNumberField("sentAt", placed.message().sentAt());
            generator.writeNumberField("acceptedAt", placed.message().acceptedAt());
            generator.writeNumberField("position", placed.position());
        });
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
