package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.protocol.EventRules.MAX_NAME_LENGTH;
import static org.charla.protocol.EventRules.MAX_TEXT_LENGTH;
import static org.charla.protocol.RawJson.NOW;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.byteArrays;
import static org.quicktheories.generators.Generate.bytes;
import static org.quicktheories.generators.Generate.oneOf;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.Judgement.Rejected;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

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

        @Override
        public String toString() {
            return length + " bytes at " + at + " by 0x" + HexFormat.of().formatHex(replacement);
        }
    }

    @Test
    void anyBytesAtAllGiveOneJudgement() {
        qt().forAll(byteStrings(255), byteStrings(255), Generators.longs()).checkAssert((key, value, timestamp) -> {
            assertThat(EventRules.judge(key, value, timestamp)).isNotNull();
            assertThat(EventRules.judge(key, value, timestamp, 0, 6)).isNotNull();
        });
    }

    @Test
    void aDamagedEventGivesOneJudgement() {
        qt().withExamples(2_000).forAll(Generators.events(), edits()).checkAssert((event, edits) -> {
            byte[] value = Wire.write(event);
            for (Edit edit : edits) {
                value = edit.applyTo(value);
            }
            assertThat(EventRules.judge(event.userId().getBytes(UTF_8), value, NOW)).isNotNull();
        });
    }

    @Test
    void piecesOfJsonInAnyOrderGiveOneJudgement() {
        qt().withExamples(2_000).forAll(jsonPieces()).checkAssert(pieces ->
                assertThat(RawJson.judge("{" + String.join("", pieces))).isNotNull());
    }

    @Test
    void anyValueInAnyFieldGivesOneJudgement() {
        qt().withExamples(2_000).forAll(fieldNames(), jsonValues()).checkAssert((field, value) -> {
            assertThat(RawJson.message().with(field, value).judged()).isNotNull();
            assertThat(RawJson.profile().with(field, value).judged()).isNotNull();
        });
    }

    @Test
    void anEventThatObeysTheRulesIsAcceptedAsItWasWritten() {
        qt().forAll(Generators.events()).checkAssert(event ->
                assertThat(EventRules.judge(event.userId().getBytes(UTF_8), Wire.write(event), NOW))
                        .isEqualTo(new Accepted(event)));
    }

    @Test
    void anEventIsJudgedAsItsRecordWillBe() {
        qt().forAll(anyEvents()).checkAssert(event -> assertThat(EventRules.judge(event, NOW))
                .isEqualTo(EventRules.judge(event.userId().getBytes(UTF_8), Wire.write(event), NOW)));
    }

    @Test
    void theOrderOfTheFieldsDoesNotMatter() {
        qt().forAll(longs().all().map(EventRulesPropertiesTest::shuffledFields)).checkAssert(fields ->
                assertThat(RawJson.judge('{' + String.join(",", fields) + '}'))
                        .isEqualTo(new Accepted(new RawEvent.Message("m1", "alice", "general", "hola", 0))));
    }

    private static List<String> shuffledFields(long seed) {
        List<String> fields = new ArrayList<>(List.of("\"type\":\"message\"", "\"messageId\":\"m1\"",
                "\"userId\":\"alice\"", "\"channel\":\"general\"", "\"text\":\"hola\"", "\"sentAt\":0",
                "\"extra\":{\"text\":[\"x\",{\"type\":1}]}", "\"more\":null"));
        Collections.shuffle(fields, new Random(seed));
        return fields;
    }

    @Test
    void theReasonHoldsNothingThatTheSenderWrote() {
        qt().forAll(fieldNames(), words()).checkAssert((field, word) -> {
            for (String value : List.of('"' + word + '"', '"' + word + "\\u0000\"", word,
                    "{\"" + word + "\":" + word, '"' + word.repeat(600) + '"')) {
                assertReasonLacks(word, RawJson.message().with(field, value).judged());
                assertReasonLacks(word, RawJson.profile().with(field, value).judged());
            }
            assertReasonLacks(word, EventRules.judge(word.getBytes(UTF_8), RawJson.message().bytes(), NOW));
            assertReasonLacks(word, RawJson.judge(RawJson.message() + word));
            assertReasonLacks(word, RawJson.judge("{\"" + word + "\":1,\"" + word + "\":1}"));
        });
    }

    private static void assertReasonLacks(String word, Judgement judgement) {
        if (judgement instanceof Rejected rejected) {
            assertThat(rejected.reason()).doesNotContain(word);
        }
    }

    /** Eight letters, so that no reason holds them by chance. */
    private static Gen<String> words() {
        return lists().of(oneOf(integers().between('A', 'Z'), integers().between('a', 'z'))).ofSize(8)
                .map(letters -> letters.stream().map(Character::toString).reduce("", String::concat));
    }

    /** Whether or not they obey the rules. */
    private static Gen<RawEvent> anyEvents() {
        Gen<String> any = oneOf(Generators.strings(80), arbitrary().pick(
                "general", "ada", "", "a b", "\u0000", "\ud800", "x".repeat(65), "y".repeat(4_001)));
        Gen<Long> times = Generators.longs().mix(arbitrary().pick(NOW));
        Gen<RawEvent> removals = any.zip(any, times, RawEvent.ProfileRemoval::new);
        Gen<RawEvent> profiles = any.zip(any, any, times, RawEvent.Profile::new);
        Gen<RawEvent> messages = any.zip(any, any, any, times, RawEvent.Message::new);
        return oneOf(Generators.events(), removals, profiles, messages).describedAs(Generators::escaped);
    }

    private static Gen<byte[]> byteStrings(int maxLength) {
        return byteArrays(integers().between(0, maxLength), bytes(Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) 0))
                .describedAs(HexFormat.of()::formatHex);
    }

    private static Gen<List<Edit>> edits() {
        Gen<byte[]> replacements = oneOf(byteStrings(4),
                arbitrary().pick("0", "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "null", "1e9")
                        .map(text -> text.getBytes(UTF_8)));
        return lists().of(integers().between(0, 200).zip(integers().between(0, 8), replacements, Edit::new))
                .ofSizeBetween(1, 4);
    }

    /** Up to 20 pieces, each of which may be left out, so that shrinking can do so. */
    private static Gen<List<String>> jsonPieces() {
        Gen<String> pieces = oneOf(
                arbitrary().pick(" ", "{", "}", "[", "]", ",", ":", "\"", "\\"),
                fieldNames().map(name -> '"' + name + "\":"),
                jsonValues());
        return lists().of(pieces.zip(integers().between(0, 9), (piece, there) -> there == 0 ? "" : piece)
                .describedAs(Generators::escaped)).ofSizeBetween(0, 20);
    }

    private static Gen<String> fieldNames() {
        return arbitrary().pick("type", "messageId", "userId", "channel", "text", "displayName", "sentAt", "extra");
    }

    private static Gen<String> jsonValues() {
        return oneOf(
                arbitrary().pick("null", "true", "{}", "[]", "\"\"", "{\"a\":1}", "[[1],{\"a\":[]}]", "\"message\"",
                        "\"profile\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "1e3", "-0", "1e999999999",
                        "9223372036854775808"),
                arbitrary().pick(1, MAX_NAME_LENGTH, MAX_NAME_LENGTH + 1, MAX_TEXT_LENGTH, MAX_TEXT_LENGTH + 1)
                        .map(length -> '"' + "x".repeat(length) + '"'),
                Generators.longs().map(Object::toString),
                Generators.longs().zip(integers().between(-30, 30),
                        (digits, scale) -> new BigDecimal(BigInteger.valueOf(digits), scale).toString()),
                integers().between(1, 2_000).map("9"::repeat),
                integers().between(1, 100).map(depth -> "[".repeat(depth) + "]".repeat(depth)),
                Generators.strings(100).map(text -> '"' + text.replace("\"", "") + '"'))
                .describedAs(Generators::escaped);
    }
}
