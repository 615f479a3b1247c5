package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.protocol.EventRules.EARLIEST_DATE;
import static org.charla.protocol.EventRules.MAX_CLOCK_SKEW_MS;
import static org.charla.protocol.RawJson.NOW;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.Judgement.Rejected;

/** What holds for whatever is sent. */
class EventRulesPropertiesTest {

    private record Edit(int at, int length, byte[] replacement) {

        byte[] applyTo(byte[] bytes) {
            int from = at % (bytes.length + 1);
            int to = Math.min(from + length, bytes.length);
            byte[] edited = new byte[bytes.length - (to - from) + replacement.length];
            System.arraycopy(bytes, 0, edited, 0, from);
            System.arraycopy(replacement, 0, edited, from, replacement.length);
            System.arraycopy(bytes, to, edited, from + replacement.length, bytes.length - to);
            return edited;
        }
    }

    @Property
    void anyBytesAtAllGiveOneJudgement(@ForAll byte[] key, @ForAll byte[] value, @ForAll long timestamp) {
        assertThat(EventRules.judge(key, value, timestamp)).isNotNull();
        assertThat(EventRules.judge(key, value, timestamp, 0, 6)).isNotNull();
    }

    @Property(tries = 2_000)
    void aDamagedEventGivesOneJudgement(
            @ForAll("events") RawEvent event, @ForAll("edits") List<Edit> edits) {
        byte[] value = Wire.write(event);
        for (Edit edit : edits) {
            value = edit.applyTo(value);
        }
        assertThat(EventRules.judge(event.userId().getBytes(UTF_8), value, NOW)).isNotNull();
    }

    @Property(tries = 2_000)
    void piecesOfJsonInAnyOrderGiveOneJudgement(@ForAll("jsonPieces") List<String> pieces) {
        assertThat(RawJson.judge("{" + String.join("", pieces))).isNotNull();
    }

    @Property(tries = 2_000)
    void anyValueInAnyFieldGivesOneJudgement(
            @ForAll("fieldNames") String field, @ForAll("jsonValues") String value) {
        assertThat(RawJson.message().with(field, value).judged()).isNotNull();
        assertThat(RawJson.profile().with(field, value).judged()).isNotNull();
    }

    @Property
    void anEventThatObeysTheRulesIsAcceptedAsItWasWritten(@ForAll("events") RawEvent event) {
        assertThat(EventRules.judge(event.userId().getBytes(UTF_8), Wire.write(event), NOW))
                .isEqualTo(new Accepted(event));
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void theOrderOfTheFieldsDoesNotMatter(@ForAll long seed) {
        List<String> fields = new ArrayList<>(List.of("\"type\":\"message\"", "\"messageId\":\"m1\"",
                "\"userId\":\"alice\"", "\"channel\":\"general\"", "\"text\":\"hola\"", "\"sentAt\":0",
                "\"extra\":{\"text\":[\"x\",{\"type\":1}]}", "\"more\":null"));
        Collections.shuffle(fields, new Random(seed));
        assertThat(RawJson.judge('{' + String.join(",", fields) + '}'))
                .isEqualTo(new Accepted(new RawEvent.Message("m1", "alice", "general", "hola", 0)));
    }

    @Property
    void theReasonHoldsNothingThatTheSenderWrote(
            @ForAll("fieldNames") String field, @ForAll @AlphaChars @StringLength(8) String word) {
        for (String value : List.of('"' + word + '"', '"' + word + "\\u0000\"", word, "{\"" + word + "\":" + word,
                '"' + word.repeat(600) + '"')) {
            assertReasonLacks(word, RawJson.message().with(field, value).judged());
            assertReasonLacks(word, RawJson.profile().with(field, value).judged());
        }
        assertReasonLacks(word, EventRules.judge(word.getBytes(UTF_8), RawJson.message().bytes(), NOW));
        assertReasonLacks(word, RawJson.judge(RawJson.message() + word));
        assertReasonLacks(word, RawJson.judge("{\"" + word + "\":1,\"" + word + "\":1}"));
    }

    private static void assertReasonLacks(String word, Judgement judgement) {
        if (judgement instanceof Rejected rejected) {
            assertThat(rejected.reason()).doesNotContain(word);
        }
    }

    @Provide
    Arbitrary<RawEvent> events() {
        Arbitrary<String> messageIds = TextArbitraries.messageIds();
        Arbitrary<String> userIds = TextArbitraries.userIds();
        Arbitrary<Long> times = Arbitraries.longs().between(EARLIEST_DATE, NOW + MAX_CLOCK_SKEW_MS);
        return Arbitraries.oneOf(
                Combinators.combine(messageIds, userIds, TextArbitraries.channels(), TextArbitraries.texts(), times)
                        .as(RawEvent.Message::new),
                Combinators.combine(messageIds, userIds, TextArbitraries.displayNames(), times)
                        .as(RawEvent.Profile::new),
                Combinators.combine(messageIds, userIds, times).as(RawEvent.ProfileRemoval::new));
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<byte[]> replacements = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(4),
                Arbitraries.of("{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "null", "1e9", "0")
                        .map(text -> text.getBytes(UTF_8)));
        return Combinators.combine(Arbitraries.integers().between(0, 200), Arbitraries.integers().between(0, 8),
                replacements).as(Edit::new).list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> jsonPieces() {
        return Arbitraries.oneOf(
                Arbitraries.of("{", "}", "[", "]", ",", ":", " ", "\"", "\\"),
                fieldNames().map(name -> '"' + name + "\":"),
                jsonValues()).list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> fieldNames() {
        return Arbitraries.of("type", "messageId", "userId", "channel", "text", "displayName", "sentAt", "extra");
    }

    @Provide
    Arbitrary<String> jsonValues() {
        return Arbitraries.oneOf(
                Arbitraries.of("null", "true", "{}", "[]", "{\"a\":1}", "[[1],{\"a\":[]}]", "\"message\"",
                        "\"profile\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "1e3", "-0", "1e999999999"),
                Arbitraries.bigIntegers().map(Object::toString),
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.integers().between(1, 2_000).map("9"::repeat),
                Arbitraries.integers().between(1, 100).map(depth -> "[".repeat(depth) + "]".repeat(depth)),
                Arbitraries.strings().all().ofMaxLength(100).map(text -> '"' + text.replace("\"", "") + '"'));
    }
}
