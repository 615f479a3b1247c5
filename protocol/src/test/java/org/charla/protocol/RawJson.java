package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of a raw event that obeys every rule, to be spoilt field by field, and the judgement of it. */
final class RawJson {

    static final long NOW = 1_763_791_200_140L;
    static final byte[] KEY = "alice".getBytes(UTF_8);

    private final Map<String, String> fields = new LinkedHashMap<>();

    static RawJson message() {
        return event("message").withString("channel", "general").withString("text", "hola");
    }

    static RawJson profile() {
        return event("profile").withString("displayName", "Alice");
    }

    static RawJson profileRemoval() {
        return event("profile-removal");
    }

    static RawJson edit() {
        return event("edit").withString("channel", "general").withString("target", "alice:m0").withString("text", "hola");
    }

    static RawJson deletion() {
        return event("deletion").withString("channel", "general").withString("target", "bob:m0");
    }

    static RawJson reaction() {
        return event("reaction").withString("channel", "general").withString("target", "bob:m0")
                .with("reactions", "[\"\uD83D\uDC4D\"]");
    }

    static RawJson rule(String rule, String value) {
        return event("rule").withString("channel", "general").withString("rule", rule).withString("value", value);
    }

    private static RawJson event(String type) {
        return new RawJson().withString("type", type).withString("messageId", "01930a5e-0000")
                .withString("userId", "alice").with("sentAt", "1763791200123");
    }

    /** Sets a field to this piece of JSON. */
    RawJson with(String field, String json) {
        fields.put(field, json);
        return this;
    }

    RawJson withString(String field, String value) {
        return with(field, quoted(value));
    }

    RawJson without(String field) {
        fields.remove(field);
        return this;
    }

    @Override
    public String toString() {
        return fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ':' + field.getValue()).collect(joining(",", "{", "}"));
    }

    byte[] bytes() {
        return toString().getBytes(UTF_8);
    }

    Judgement judged() {
        return judge(bytes());
    }

    static Judgement judge(String json) {
        return judge(json.getBytes(UTF_8));
    }

    static Judgement judge(byte[] value) {
        return EventRules.judge(KEY, value, NOW);
    }

    private static String quoted(String value) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
    }
}
