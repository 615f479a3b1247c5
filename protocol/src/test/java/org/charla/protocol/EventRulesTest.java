package org.charla.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.protocol.EventRules.MAX_CLOCK_SKEW_MS;
import static org.charla.protocol.JudgementAssert.assertAccepted;
import static org.charla.protocol.JudgementAssert.assertRejected;
import static org.charla.protocol.RawJson.KEY;
import static org.charla.protocol.RawJson.NOW;
import static org.charla.protocol.RawJson.message;
import static org.charla.protocol.RawJson.profile;
import static org.charla.protocol.RawJson.profileRemoval;
import static org.charla.protocol.RejectionCode.EMPTY_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_CHANNEL;
import static org.charla.protocol.RejectionCode.INVALID_DISPLAY_NAME;
import static org.charla.protocol.RejectionCode.INVALID_KEY;
import static org.charla.protocol.RejectionCode.INVALID_MESSAGE_ID;
import static org.charla.protocol.RejectionCode.INVALID_SENT_AT;
import static org.charla.protocol.RejectionCode.INVALID_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_USER_ID;
import static org.charla.protocol.RejectionCode.KEY_MISMATCH;
import static org.charla.protocol.RejectionCode.MALFORMED;
import static org.charla.protocol.RejectionCode.TEXT_TOO_LONG;
import static org.charla.protocol.RejectionCode.UNKNOWN_TYPE;
import static org.charla.protocol.RejectionCode.WRONG_PARTITION;

import java.util.List;
import java.util.stream.IntStream;
import org.charla.protocol.signature.SigningKey;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for each field, at their boundaries. */
class EventRulesTest {

    /** Outside the Basic Multilingual Plane: one code point, two chars, four bytes. */
    private static final String EMOJI = "\uD83D\uDE00";

    /** Pieces of JSON that are no string. */
    static List<String> notStrings() {
        return List.of("null", "true", "5", "1.5", "[\"general\"]", "{\"a\":\"general\"}");
    }

    @Nested
    class Partition {

        private static final int PARTITIONS = 6;

        @Test
        void isTheOneThatKafkasOwnClientsChooseForTheKey() {
            // As librdkafka chooses with partitioner=murmur2_random.
            assertOnlyPartition("alice", 3);
            assertOnlyPartition("ALICE", 5);
            assertOnlyPartition("bob", 0);
            assertOnlyPartition("zoë", 0);
        }

        private void assertOnlyPartition(String userId, int right) {
            byte[] value = message().withString("userId", userId).bytes();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Judgement judgement = EventRules.judge(userId.getBytes(UTF_8), value, NOW, partition, PARTITIONS);
                if (partition == right) {
                    assertAccepted(judgement);
                } else {
                    assertRejected(judgement, WRONG_PARTITION);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, PARTITIONS})
        void isNoneForANullKey(int partitions) {
            for (int partition = 0; partition < partitions; partition++) {
                assertRejected(EventRules.judge(null, message().bytes(), NOW, partition, partitions), WRONG_PARTITION);
            }
        }

        @Test
        void isJudgedRightBehindTheRecordItself() {
            assertRejected(EventRules.judge(null, new byte[0], NOW, 0, PARTITIONS), MALFORMED);
            byte[] ofNoType = message().withString("type", "?").bytes();
            assertRejected(EventRules.judge(KEY, ofNoType, NOW, 5, PARTITIONS), WRONG_PARTITION);
        }

        @Test
        void tellsItsSenderWhatToDo() {
            assertThat(EventRules.judge(KEY, message().bytes(), NOW, 5, PARTITIONS))
                    .isInstanceOfSatisfying(Judgement.Rejected.class, rejected -> assertThat(rejected.reason())
                            .contains("murmur2", "partitioner=murmur2_random"));
        }
    }

    @Nested
    class Type {

        @Test
        void acceptsTheTypesThatAlwaysWere() {
            assertAccepted(message().judged(),
                    new RawEvent.Message("01930a5e-0000", "alice", "general", "hola", 1_763_791_200_123L));
            assertAccepted(profile().judged(),
                    new RawEvent.Profile("01930a5e-0000", "alice", "Alice", 1_763_791_200_123L));
            assertAccepted(profileRemoval().judged(),
                    new RawEvent.ProfileRemoval("01930a5e-0000", "alice", 1_763_791_200_123L));
        }

        @Test
        void takesAnEventWithoutATypeForAMessage() {
            assertAccepted(message().without("type").judged(),
                    new RawEvent.Message("01930a5e-0000", "alice", "general", "hola", 1_763_791_200_123L));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "poll", "Message", "message ", "profile_removal", "\u0000"})
        void rejectsAnyOtherType(String type) {
            assertRejected(message().withString("type", type).judged(), UNKNOWN_TYPE);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsATypeThatIsNoString(String json) {
            assertRejected(message().with("type", json).judged(), UNKNOWN_TYPE);
        }

        @Test
        void rejectsATypeWithALoneSurrogate() {
            assertRejected(message().with("type", "\"\\ud800\"").judged(), UNKNOWN_TYPE);
        }
    }

    @Nested
    class MessageId {

        @Test
        void acceptsUpTo64Characters() {
            assertAccepted(message().withString("messageId", "a").judged());
            assertAccepted(message().withString("messageId", "aZ09_-".repeat(10) + "_-_-").judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a:b", "a b", "a\n", "\n", "é", "a.b", "٣", EMOJI, "a\u0000"})
        void rejectsEverythingElse(String messageId) {
            assertRejected(message().withString("messageId", messageId).judged(), INVALID_MESSAGE_ID);
        }

        @Test
        void rejects65Characters() {
            assertRejected(message().withString("messageId", "a".repeat(65)).judged(), INVALID_MESSAGE_ID);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsWhatIsNoString(String json) {
            assertRejected(message().with("messageId", json).judged(), INVALID_MESSAGE_ID);
        }

        @Test
        void isNeededByEveryType() {
            assertRejected(message().without("messageId").judged(), INVALID_MESSAGE_ID);
            assertRejected(profile().without("messageId").judged(), INVALID_MESSAGE_ID);
            assertRejected(profileRemoval().without("messageId").judged(), INVALID_MESSAGE_ID);
        }
    }

    @Nested
    class UserId {

        @Test
        void acceptsUpTo64CodePoints() {
            assertAccepted(judgedAs("a"));
            assertAccepted(judgedAs("a".repeat(64)));
            assertAccepted(judgedAs(EMOJI.repeat(64)));
        }

        @Test
        void rejects65CodePoints() {
            assertRejected(judgedAs("a".repeat(65)), INVALID_USER_ID);
            assertRejected(judgedAs(EMOJI.repeat(65)), INVALID_USER_ID);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a:b", ":", "a:b:c", "-", "../x", "$where", "José", "e\u0301", "李小龙", "\uE000",
            "\uFFFE", "\uFFFD"})
        void acceptsWhateverIsVisibleOrNamedNowhere(String userId) {
            assertAccepted(judgedAs(userId));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "a b", " a", "a\t", "a\n", "a\u0085", "a\u00A0", "a\u1680", "a\u2003",
            "a\u2028", "a\u202F", "a\u3000"})
        void rejectsWhiteSpace(String userId) {
            assertRejected(judgedAs(userId), INVALID_USER_ID);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\u0000", "a\u001B[2J", "a\u007F", "a\u009F", "a\u00AD", "a\u200B", "\u202Ea",
            "a\u2066", "\uFEFFa", "a\uDB40\uDC01"})
        void rejectsControlAndFormatCharacters(String userId) {
            assertRejected(judgedAs(userId), INVALID_USER_ID);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\ud800", "\\udc00", "a\\ud83d", "\\ude00\\ud83d"})
        void rejectsALoneSurrogateEvenWhereTheKeyHasItsReplacement(String escapes) {
            byte[] value = message().with("userId", '"' + escapes + '"').bytes();
            assertRejected(EventRules.judge("?".getBytes(UTF_8), value, NOW), INVALID_USER_ID);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsWhatIsNoString(String json) {
            assertRejected(message().with("userId", json).judged(), INVALID_USER_ID);
        }

        @Test
        void isNeededByEveryType() {
            assertRejected(message().without("userId").judged(), INVALID_USER_ID);
            assertRejected(profile().without("userId").judged(), INVALID_USER_ID);
            assertRejected(profileRemoval().without("userId").judged(), INVALID_USER_ID);
        }

        private Judgement judgedAs(String userId) {
            return EventRules.judge(userId.getBytes(UTF_8), message().withString("userId", userId).bytes(), NOW);
        }
    }

    @Nested
    class Key {

        @Test
        void rejectsARecordWithoutAKey() {
            assertRejected(EventRules.judge(null, message().bytes(), NOW), KEY_MISMATCH);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "bob", "Alice", "alice ", "alice\u0000", "alic", "\"alice\""})
        void rejectsAKeyThatDiffersFromTheUserId(String key) {
            byte[] bytes = key.getBytes(UTF_8);
            assertRejected(EventRules.judge(bytes, message().bytes(), NOW), KEY_MISMATCH);
            assertRejected(EventRules.judge(bytes, profile().bytes(), NOW), KEY_MISMATCH);
            assertRejected(EventRules.judge(bytes, profileRemoval().bytes(), NOW), KEY_MISMATCH);
        }

        @Test
        void rejectsAKeyThatIsNotUtf8() {
            byte[] value = message().withString("userId", "José").bytes();
            assertRejected(EventRules.judge("José".getBytes(ISO_8859_1), value, NOW), KEY_MISMATCH);
        }

        @Test
        void doesNotTakeAReplacementCharacterForTheBytesItStandsFor() {
            byte[] value = message().withString("userId", "\uFFFD").bytes();
            assertRejected(EventRules.judge(new byte[] {(byte) 0xFF}, value, NOW), KEY_MISMATCH);
        }

        @Test
        void doesNotTakeEquivalentUnicodeForEqual() {
            byte[] value = message().withString("userId", "Jos\u00E9").bytes();
            assertRejected(EventRules.judge("Jose\u0301".getBytes(UTF_8), value, NOW), KEY_MISMATCH);
        }
    }

    @Nested
    class Channel {

        @ParameterizedTest
        @ValueSource(strings = {"a", "0", "general", "users", "raw", "a-", "a--b", "0-9"})
        void acceptsALegalName(String channel) {
            assertAccepted(message().withString("channel", channel).judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "-a", "../x", ".", "..", "__consumer_offsets", "General", "a b", "a.b", "a_b",
            "#general", "é", "general\n", "general\u0000", "٣", "chat.raw", "$cmd"})
        void rejectsAnIllegalName(String channel) {
            assertRejected(message().withString("channel", channel).judged(), INVALID_CHANNEL);
        }

        @Test
        void acceptsNoMoreThan64Characters() {
            assertAccepted(message().withString("channel", "a".repeat(64)).judged());
            assertRejected(message().withString("channel", "a".repeat(65)).judged(), INVALID_CHANNEL);
            assertRejected(message().withString("channel", "a".repeat(300)).judged(), INVALID_CHANNEL);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsWhatIsNoString(String json) {
            assertRejected(message().with("channel", json).judged(), INVALID_CHANNEL);
        }

        @Test
        void isNeededByAMessageAndIgnoredInAProfile() {
            assertRejected(message().without("channel").judged(), INVALID_CHANNEL);
            assertAccepted(profile().withString("channel", "../x").judged());
            assertAccepted(profileRemoval().withString("channel", "../x").judged());
        }
    }

    @Nested
    class Text {

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t", "\n", "\u000B", "\f", "\r", "\u0085", "\u00A0", "\u1680", "\u2000",
            "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", " \t\r\n\u00A0\u3000 "})
        void rejectsABlankText(String text) {
            assertRejected(message().withString("text", text).judged(), EMPTY_TEXT);
        }

        @Test
        void acceptsALetterAmongWhiteSpace() {
            assertAccepted(message().withString("text", " \u0085a\u3000").judged());
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsWhatIsNoString(String json) {
            assertRejected(message().with("text", json).judged(), EMPTY_TEXT);
        }

        @Test
        void isNeededByAMessageAndIgnoredInAProfile() {
            assertRejected(message().without("text").judged(), EMPTY_TEXT);
            assertAccepted(profile().withString("text", "").judged());
            assertAccepted(profileRemoval().withString("text", "").judged());
        }

        @Test
        void acceptsATextOf4000CodePoints() {
            assertAccepted(message().withString("text", "a".repeat(4_000)).judged());
            assertAccepted(message().withString("text", EMOJI.repeat(4_000)).judged());
            assertAccepted(message().with("text", '"' + "\\ud83d\\ude00".repeat(4_000) + '"').judged());
        }

        @Test
        void callsAnEventsTextTooLongHoweverLargeItMakesTheRecord() {
            RawEvent paste = new RawEvent.Message("m1", "alice", "general", "a".repeat(70_000), NOW);

            assertRejected(EventRules.judge(paste, NOW), TEXT_TOO_LONG);
        }

        @Test
        void rejectsATextOfMoreThan4000CodePoints() {
            assertRejected(message().withString("text", "a".repeat(4_001)).judged(), TEXT_TOO_LONG);
            assertRejected(message().withString("text", EMOJI.repeat(4_001)).judged(), TEXT_TOO_LONG);
            assertRejected(message().with("text", '"' + "\\ud83d\\ude00".repeat(4_001) + '"').judged(),
                    TEXT_TOO_LONG);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\u0000", "a\\u0000b"})
        void rejectsUPlus0000(String escapes) {
            assertRejected(message().with("text", '"' + escapes + '"').judged(), INVALID_TEXT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\ud800", "\\uDFFF", "a\\ud83d", "\\ud83d a", "\\ud83d\\ud83d", "\\ude00\\ud83d",
            "\\ud83d\\ude00\\ude00"})
        void rejectsALoneSurrogate(String escapes) {
            assertRejected(message().with("text", '"' + escapes + '"').judged(), INVALID_TEXT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\u0001", "\u001B[2J", "a\tb\nc", "\u200B", "\u202E", "\uFFFE", "$set", "{\"a\":1}"})
        void acceptsEverythingElse(String text) {
            assertAccepted(message().withString("text", text).judged());
        }
    }

    @Nested
    class DisplayName {

        @Test
        void acceptsUpTo64CodePoints() {
            assertAccepted(profile().withString("displayName", "a").judged());
            assertAccepted(profile().withString("displayName", EMOJI.repeat(64)).judged());
        }

        @Test
        void rejects65CodePoints() {
            assertRejected(profile().withString("displayName", "a".repeat(65)).judged(), INVALID_DISPLAY_NAME);
            assertRejected(profile().withString("displayName", EMOJI.repeat(65)).judged(), INVALID_DISPLAY_NAME);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Alice Liddell", " a ", "a\u00A0b", "李小龙", "O'Brien: \"x\""})
        void acceptsWhiteSpaceBetweenLetters(String displayName) {
            assertAccepted(profile().withString("displayName", displayName).judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\u00A0\u3000", "\u2028"})
        void rejectsABlankName(String displayName) {
            assertRejected(profile().withString("displayName", displayName).judged(), INVALID_DISPLAY_NAME);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\u0000", "a\tb", "a\nb", "a\u001B[2J", "a\u0085", "a\u200Db", "\u202Ea",
            "a\uDB40\uDC01"})
        void rejectsControlAndFormatCharacters(String displayName) {
            assertRejected(profile().withString("displayName", displayName).judged(), INVALID_DISPLAY_NAME);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\ud800", "a\\ude00"})
        void rejectsALoneSurrogate(String escapes) {
            assertRejected(profile().with("displayName", '"' + escapes + '"').judged(), INVALID_DISPLAY_NAME);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void rejectsWhatIsNoString(String json) {
            assertRejected(profile().with("displayName", json).judged(), INVALID_DISPLAY_NAME);
        }

        @Test
        void isNeededByAProfileAndIgnoredElsewhere() {
            assertRejected(profile().without("displayName").judged(), INVALID_DISPLAY_NAME);
            assertAccepted(message().withString("displayName", "").judged());
            assertAccepted(profileRemoval().withString("displayName", "").judged());
        }
    }

    @Nested
    class Keys {

        private static final List<String> ELEVEN = IntStream.range(0, 11).mapToObj(Keys::key).toList();

        @Test
        void areOneToTen() {
            assertAccepted(with(ELEVEN.subList(0, 1)).judged(),
                    new RawEvent.Profile("01930a5e-0000", "alice", "Alice", ELEVEN.subList(0, 1), 1_763_791_200_123L));
            assertAccepted(with(ELEVEN.subList(0, 10)).judged(),
                    new RawEvent.Profile("01930a5e-0000", "alice", "Alice", ELEVEN.subList(0, 10), 1_763_791_200_123L));
            assertRejected(with(ELEVEN).judged(), INVALID_KEY);
            assertRejected(with(List.of()).judged(), INVALID_KEY);
        }

        @Test
        void areDifferent() {
            assertRejected(with(List.of(ELEVEN.get(0), ELEVEN.get(1), ELEVEN.get(0))).judged(), INVALID_KEY);
        }

        @Test
        void areRefusedWhereOneIsNoneWhereverItStands() {
            String ofOrderFour = "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
            for (String invalid : new String[] {ofOrderFour, ELEVEN.get(0) + '=', "", "\u0000", "ed25519:"}) {
                assertRejected(with(List.of(invalid)).judged(), INVALID_KEY);
                assertRejected(with(List.of(ELEVEN.get(0), ELEVEN.get(1), invalid)).judged(), INVALID_KEY);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "true", "5", "{}", "\"KEY\"", "[null]", "[5]", "[\"KEY\",5]", "[[\"KEY\"]]",
            "{\"KEY\":\"KEY\"}"})
        void areRefusedWhereTheyAreNoListOfStrings(String json) {
            assertRejected(profile().with("keys", json.replace("KEY", ELEVEN.get(0))).judged(), INVALID_KEY);
        }

        @Test
        void areAProfilesAlone() {
            assertAccepted(message().with("keys", "7").judged());
            assertAccepted(profileRemoval().with("keys", "[]").judged());
        }

        private static RawJson with(List<String> keys) {
            return profile().with("keys", keys.stream().map(key -> '"' + key.replace("\0", "\\u0000") + '"')
                    .collect(joining(",", "[", "]")));
        }

        private static String key(int number) {
            byte[] seed = new byte[32];
            seed[0] = (byte) number;
            return SigningKey.fromSeed(seed).publicKey().toString();
        }
    }

    @Nested
    class SentAt {

        private static final long YEAR_1 = -62_135_596_800_000L;
        private static final long YEAR_10000 = 253_402_300_800_000L;

        @Test
        void acceptsFiveMinutesAheadOfTheRecordAndNoMore() {
            assertAccepted(sentAt(NOW + MAX_CLOCK_SKEW_MS, NOW));
            assertRejected(sentAt(NOW + MAX_CLOCK_SKEW_MS + 1, NOW), INVALID_SENT_AT);
        }

        @ParameterizedTest
        @ValueSource(longs = {0, -1, YEAR_1})
        void acceptsAnyPastBackToTheYear1(long sentAt) {
            assertAccepted(sentAt(sentAt, NOW));
        }

        @ParameterizedTest
        @ValueSource(longs = {YEAR_1 - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, -999_999_999_999_999_999L})
        void rejectsWhatIsBeforeTheYear1(long sentAt) {
            assertRejected(sentAt(sentAt, NOW), INVALID_SENT_AT);
            assertRejected(sentAt(sentAt, Long.MIN_VALUE), INVALID_SENT_AT);
        }

        @Test
        void rejectsTheEndOfTime() {
            assertRejected(sentAt(Long.MAX_VALUE, NOW), INVALID_SENT_AT);
        }

        @Test
        void rejectsWhatIsAfterTheYear9999WheneverTheRecordIsFrom() {
            assertAccepted(sentAt(YEAR_10000 - 1, YEAR_10000 - 1));
            assertAccepted(sentAt(YEAR_10000 - 1, Long.MAX_VALUE));
            assertRejected(sentAt(YEAR_10000, YEAR_10000 - 1), INVALID_SENT_AT);
            assertRejected(sentAt(Long.MAX_VALUE, Long.MAX_VALUE), INVALID_SENT_AT);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "true", "\"1763791200123\"", "[1]", "{}", "1.0", "1.5", "1e3", "-1e-3",
            "9223372036854775808", "-9223372036854775809", "18446744073709551617", "1e400"})
        void rejectsWhatIsNoWholeNumberOfMilliseconds(String json) {
            assertRejected(message().with("sentAt", json).judged(), INVALID_SENT_AT);
        }

        @ParameterizedTest
        @ValueSource(ints = {25, 5_000, 60_000})
        void rejectsANumberOfManyDigits(int digits) {
            assertRejected(message().with("sentAt", "1".repeat(digits)).judged(), INVALID_SENT_AT);
            assertRejected(message().with("sentAt", "-" + "1".repeat(digits)).judged(), INVALID_SENT_AT);
        }

        @Test
        void isNeededByEveryType() {
            assertRejected(message().without("sentAt").judged(), INVALID_SENT_AT);
            assertRejected(profile().without("sentAt").judged(), INVALID_SENT_AT);
            assertRejected(profileRemoval().without("sentAt").judged(), INVALID_SENT_AT);
        }

        @ParameterizedTest
        @ValueSource(longs = {NOW + MAX_CLOCK_SKEW_MS + 1, YEAR_1 - 1})
        void isJudgedForEveryType(long wrong) {
            assertRejected(profile().with("sentAt", Long.toString(wrong)).judged(), INVALID_SENT_AT);
            assertRejected(profileRemoval().with("sentAt", Long.toString(wrong)).judged(), INVALID_SENT_AT);
        }

        private Judgement sentAt(long sentAt, long timestamp) {
            return EventRules.judge(KEY, message().with("sentAt", Long.toString(sentAt)).bytes(), timestamp);
        }
    }

    @Nested
    class UnknownFields {

        @ParameterizedTest
        @ValueSource(strings = {"null", "\"x\"", "1e999999", "[1,[2,{\"text\":\"x\"}]]", "{\"userId\":\"bob\"}",
            "\"\\u0000\\ud800\""})
        void areIgnoredWhateverTheyHold(String json) {
            assertAccepted(message().with("extra", json).judged(),
                    new RawEvent.Message("01930a5e-0000", "alice", "general", "hola", 1_763_791_200_123L));
        }

        @Test
        void areIgnoredHoweverLongTheyAre() {
            assertAccepted(message().with("x".repeat(60_000), "1").judged());
            assertAccepted(message().withString("x", "x".repeat(60_000)).judged());
            assertAccepted(message().with("x", "1".repeat(60_000)).judged());
            assertAccepted(message().with("x", "0." + "1".repeat(60_000)).judged());
        }

        @Test
        void areIgnoredHoweverManyThereAre() {
            RawJson message = message();
            for (int i = 0; i < 5_000; i++) {
                message.with("x" + i, "1");
            }
            assertAccepted(message.judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"Text", "text ", "_id", "$set", "", "author.userId"})
        void areToldFromKnownOnesByTheExactName(String name) {
            assertAccepted(message().with(name, "1").judged());
        }
    }
}
