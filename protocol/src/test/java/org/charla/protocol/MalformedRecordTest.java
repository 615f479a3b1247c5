package org.charla.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.charla.protocol.EventRules.MAX_RECORD_BYTES;
import static org.charla.protocol.JudgementAssert.assertAccepted;
import static org.charla.protocol.JudgementAssert.assertRejected;
import static org.charla.protocol.RawJson.judge;
import static org.charla.protocol.RawJson.message;
import static org.charla.protocol.RejectionCode.MALFORMED;

import java.nio.charset.Charset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule for the record as a whole: at most 64 KiB, one JSON object in UTF-8, no field twice. */
class MalformedRecordTest {

    @Test
    void rejectsARecordWithoutAValue() {
        assertRejected(judge((byte[]) null), MALFORMED);
    }

    @Test
    void acceptsARecordOf64KiB() {
        assertAccepted(judge(paddedTo(MAX_RECORD_BYTES)));
    }

    @Test
    void rejectsARecordOf64KiBAndOneByte() {
        assertRejected(judge(paddedTo(MAX_RECORD_BYTES + 1)), MALFORMED);
    }

    @Test
    void countsTheSizeInBytesAndNotInCharacters() {
        String twoBytesEach = "é".repeat(MAX_RECORD_BYTES / 2);
        assertRejected(message().withString("unknown", twoBytesEach).judged(), MALFORMED);
    }

    @Test
    void rejectsARecordThatBreaksOffAnywhere() {
        byte[] whole = message().bytes();
        for (int length = 0; length < whole.length; length++) {
            assertRejected(judge(Arrays.copyOf(whole, length)), MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "true", "1", "\"hola\"", "[]", "hola", "}", "{]", "{,}", "{\"a\"}",
        "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":NaN}", "{\"a\":1,}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}", "{\"a\":\"\t\"}", "{\"a\":\"\u0000\"}", "/**/{}", "{\"a\":1}//"})
    void rejectsWhatIsNotAJsonObject(String json) {
        assertRejected(judge(json), MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "1", "]", "}", ",", "x", "\u0000"})
    void rejectsWhateverFollowsTheObject(String trailing) {
        assertRejected(judge(message() + " " + trailing), MALFORMED);
    }

    @Test
    void acceptsWhiteSpaceAroundTheObject() {
        assertAccepted(judge(" \t\r\n" + message() + "\r\n"));
    }

    @Test
    void rejectsOtherEncodings() {
        for (Charset charset : new Charset[] {UTF_16LE, UTF_16BE,
            Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE")}) {
            assertRejected(judge(message().toString().getBytes(charset)), MALFORMED);
            assertRejected(judge(("\uFEFF" + message()).getBytes(charset)), MALFORMED);
        }
        assertRejected(judge(message().withString("text", "qué").toString().getBytes(ISO_8859_1)), MALFORMED);
    }

    @Test
    void rejectsAByteOrderMark() {
        assertRejected(judge("\uFEFF" + message()), MALFORMED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {
        "80",                   // a continuation without a beginning
        "C3",                   // a beginning without a continuation
        "C1 A1",                // "a" in two bytes
        "C0 80",                // U+0000 in two bytes
        "E0 80 A1", "F0 80 80 A1",
        "ED A0 BD ED B8 80",    // CESU-8: a surrogate pair of three bytes each
        "ED A0 80",             // a lone surrogate
        "F4 90 80 80",          // beyond U+10FFFF
        "F8 88 80 80 80", "FE", "FF"})
    void rejectsBytesThatAreNotUtf8WhereverTheyStand(String hex) {
        assertRejected(judge(withBytes(message().withString("text", "@").toString(), hex)), MALFORMED);
        assertRejected(judge(withBytes(message().withString("unknown", "@").toString(), hex)), MALFORMED);
        assertRejected(judge(withBytes(message().with("@", "1").toString(), hex)), MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"type\":\"message\"", "\"text\":\"hola\"", "\"text\":null", "\"t\\u0065xt\":\"hola\"",
        "\"x\":1,\"x\":1", "\"x\":{\"y\":1,\"y\":1}", "\"x\":[{\"y\":1,\"\\u0079\":2}]", "\"\":1,\"\":1"})
    void rejectsAFieldThatStandsTwice(String more) {
        String json = message().toString();
        assertRejected(judge(json.substring(0, json.length() - 1) + ',' + more + '}'), MALFORMED);
    }

    @Test
    void acceptsTheSameFieldNameInDifferentObjects() {
        assertAccepted(message().with("x", "{\"x\":[{\"x\":1},{\"x\":1}],\"text\":5}").judged());
    }

    @Test
    void rejectsNestingDeeperThan32Levels() {
        assertAccepted(message().with("x", "[".repeat(31) + "]".repeat(31)).judged());
        assertRejected(message().with("x", "[".repeat(32) + "]".repeat(32)).judged(), MALFORMED);
        assertRejected(message().with("x", "{\"x\":".repeat(32) + 1 + "}".repeat(32)).judged(), MALFORMED);
        assertRejected(judge("[".repeat(MAX_RECORD_BYTES)), MALFORMED);
        assertRejected(judge("{\"a\":".repeat(MAX_RECORD_BYTES / 5)), MALFORMED);
    }

    private static byte[] paddedTo(int size) {
        RawJson padded = message().withString("unknown", "");
        return padded.withString("unknown", "x".repeat(size - padded.bytes().length)).bytes();
    }

    /** The text in UTF-8 with these bytes in place of its @. */
    private static byte[] withBytes(String text, String hex) {
        StringBuilder latin1 = new StringBuilder();
        for (String octet : hex.split(" ")) {
            latin1.append((char) Integer.parseInt(octet, 16));
        }
        return new String(text.getBytes(UTF_8), ISO_8859_1).replace("@", latin1).getBytes(ISO_8859_1);
    }
}
