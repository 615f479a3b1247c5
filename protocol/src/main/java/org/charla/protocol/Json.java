package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reading and writing JSON by the token, without a tree between bytes and records. */
final class Json {

    /** The largest record that is read. */
    static final int MAX_BYTES = 64 * 1024;

    /** No record of ours nests deeper than two; what is deeper than this in an unknown field is not worth reading. */
    private static final int MAX_DEPTH = 32;

    private static final JsonFactory STRICT = strict(MAX_DEPTH);
    /** For what may be another's: as deep as is usually read. */
    private static final JsonFactory ANY = strict(StreamReadConstraints.DEFAULT_MAX_DEPTH);

    private Json() {
    }

    private static JsonFactory strict(int maxDepth) {
        return new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        // The bound on the whole record bounds these too; a long number or name in it is still JSON.
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                // A table of names shared by all records would be filled by whoever sends names that nobody knows.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /** Reads the fields of an object, up to and including its end. */
    interface ObjectReader<T> {
        T read(JsonParser parser) throws IOException, MalformedJsonException;
    }

    /** Writes the fields of an object. */
    interface ObjectWriter {
        void write(JsonGenerator generator) throws IOException;
    }

    /**
     * Reads exactly one JSON object in UTF-8 and nothing behind it.
     *
     * @param bytes may be null, as a record's value may
     * @throws MalformedJsonException if the bytes are anything else, hold a field twice, or exceed the bounds
     */
    static <T> T readObject(byte[] bytes, ObjectReader<T> reader) throws MalformedJsonException {
        return readObject(bytes, MAX_BYTES, reader);
    }

    /** Like {@link #readObject(byte[], ObjectReader)}, of at most so many bytes. */
    static <T> T readObject(byte[] bytes, int maxBytes, ObjectReader<T> reader) throws MalformedJsonException {
        if (bytes != null && bytes.length > maxBytes) {
            throw new MalformedJsonException("The record has " + bytes.length + " bytes; at most "
                    + maxBytes + " are allowed.");
        }
        return readObject(STRICT, bytes, reader);
    }

    /** Like {@link #readObject}, but of any size, and nested as deep as JSON usually may be. */
    static <T> T readAnyObject(byte[] bytes, ObjectReader<T> reader) throws MalformedJsonException {
        return readObject(ANY, bytes, reader);
    }

    private static <T> T readObject(JsonFactory json, byte[] bytes, ObjectReader<T> reader)
            throws MalformedJsonException {
        if (bytes == null) {
            throw new MalformedJsonException("The record has no value.");
        }
        // Jackson guesses UTF-16 and UTF-32, and lets overlong forms and encoded surrogates pass: decoded here.
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        if (UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), chars, true).isError()) {
            throw new MalformedJsonException("The record is not UTF-8.");
        }
        try (JsonParser parser = json.createParser(chars.array(), 0, chars.position())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJsonException("The record is not a JSON object.");
            }
            T object = reader.read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("Something follows the JSON object.");
            }
            return object;
        } catch (StreamConstraintsException e) {
            throw new MalformedJsonException("The JSON is nested deeper than "
                    + json.streamReadConstraints().getMaxNestingDepth() + " levels.");
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException("The record is not a JSON object that names no field twice.");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** The string at which the parser stands, or null where it is anything else, which is skipped. */
    static String stringOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** The strings of the list at which the parser stands, or null where it is anything else, which is skipped. */
    static List<String> stringsOrNull(JsonParser parser) throws IOException {
        try {
            return listOrNull(parser, Json::stringOrNull);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("a string is read or is null", e);
        }
    }

    /**
     * What stands in the list at which the parser stands, or null where it is anything else, which is skipped, or where
     * the reader gives null for anything in it.
     */
    static <T> List<T> listOrNull(JsonParser parser, ObjectReader<T> reader)
            throws IOException, MalformedJsonException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return null;
        }
        List<T> list = new ArrayList<>();
        boolean isWhole = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            T element = reader.read(parser);
            isWhole &= element != null;
            list.add(element);
        }
        return isWhole ? list : null;
    }

    /** The whole number at which the parser stands, or null where it is anything else, which is skipped. */
    static Long longOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return null;
    }

    /** The boolean at which the parser stands, or null where it is anything else, which is skipped. */
    static Boolean booleanOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken().isBoolean()) {
            return parser.getBooleanValue();
        }
        parser.skipChildren();
        return null;
    }

    /** The event type at which the parser stands, or null where nobody knows it or it is anything else. */
    static RawEvent.Type typeOrNull(JsonParser parser) throws IOException {
        String name = stringOrNull(parser);
        return name == null ? null : RawEvent.Type.named(name).orElse(null);
    }

    /** Writes one JSON object in UTF-8. Surrogates, paired or alone, become escapes, so any text can be written. */
    static byte[] writeObject(ObjectWriter writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = STRICT.createGenerator(bytes)) {
            generator.writeStartObject();
            writer.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
