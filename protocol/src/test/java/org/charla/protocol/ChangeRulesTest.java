package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.charla.protocol.JudgementAssert.assertAccepted;
import static org.charla.protocol.JudgementAssert.assertRejected;
import static org.charla.protocol.RawJson.NOW;
import static org.charla.protocol.RawJson.deletion;
import static org.charla.protocol.RawJson.edit;
import static org.charla.protocol.RawJson.message;
import static org.charla.protocol.RawJson.reaction;
import static org.charla.protocol.RawJson.rule;
import static org.charla.protocol.RejectionCode.EMPTY_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_CHANNEL;
import static org.charla.protocol.RejectionCode.INVALID_REACTION;
import static org.charla.protocol.RejectionCode.INVALID_RULE;
import static org.charla.protocol.RejectionCode.INVALID_SENT_AT;
import static org.charla.protocol.RejectionCode.INVALID_TARGET;
import static org.charla.protocol.RejectionCode.TEXT_TOO_LONG;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for what changes messages and channels, at their boundaries. */
class ChangeRulesTest {

    private static final String ID = "01930a5e-0000";
    private static final long SENT_AT = 1_763_791_200_123L;

    @Test
    void acceptsEachKindOfChange() {
        assertAccepted(edit().judged(), new RawEvent.Edit(ID, "alice", "general", "alice:m0", "hola", SENT_AT));
        assertAccepted(deletion().judged(), new RawEvent.Deletion(ID, "alice", "general", "bob:m0", SENT_AT));
        assertAccepted(reaction().judged(),
                new RawEvent.Reaction(ID, "alice", "general", "bob:m0", List.of("👍"), SENT_AT));
        assertAccepted(rule("mute", "bob").with("until", Long.toString(NOW + 1)).judged(), new RawEvent.Rule(
                ID, "alice", "general", ChannelRule.MUTE, "bob", OptionalLong.of(NOW + 1), SENT_AT));
        assertAccepted(message().withString("replyTo", "bob:m0").judged(),
                new RawEvent.Message(ID, "alice", "general", "hola", Optional.of("bob:m0"), SENT_AT));
    }

    @Test
    void eachNeedsAChannelAndATime() {
        for (RawJson change : List.of(edit(), deletion(), reaction(), rule("title", ""))) {
            assertRejected(change.withString("channel", "#general").judged(), INVALID_CHANNEL);
            assertRejected(change.without("channel").judged(), INVALID_CHANNEL);
            assertRejected(change.withString("channel", "general").without("sentAt").judged(), INVALID_SENT_AT);
        }
    }

    @Nested
    class Target {

        @ParameterizedTest
        @ValueSource(strings = {"bob:m0", "bob:b:_-9", "::m", "李:m0", "bob:0123456789012345678901234567890123456789"
                + "012345678901234567890123"})
        void isAValidUserIdAndAValidMessageId(String target) {
            assertAccepted(deletion().withString("target", target).judged());
            assertAccepted(reaction().withString("target", target).judged());
            assertAccepted(message().withString("replyTo", target).judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "m0", ":m0", "bob:", "bob", "b b:m0", "bob:m 0", "bob:é", "bob:m0:", "bob:m0\n",
            "\u200Bbob:m0", "bob:01234567890123456789012345678901234567890123456789012345678901234"})
        void isNothingElse(String target) {
            assertRejected(deletion().withString("target", target).judged(), INVALID_TARGET);
            assertRejected(reaction().withString("target", target).judged(), INVALID_TARGET);
            assertRejected(edit().withString("target", target).judged(), INVALID_TARGET);
            assertRejected(message().withString("replyTo", target).judged(), INVALID_TARGET);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void isAString(String json) {
            assertRejected(deletion().with("target", json).judged(), INVALID_TARGET);
            assertRejected(edit().with("target", json).judged(), INVALID_TARGET);
            assertRejected(message().with("replyTo", json).judged(), INVALID_TARGET);
        }

        @Test
        void isNeededByAllButMessages() {
            assertRejected(edit().without("target").judged(), INVALID_TARGET);
            assertRejected(deletion().without("target").judged(), INVALID_TARGET);
            assertRejected(reaction().without("target").judged(), INVALID_TARGET);
            assertAccepted(message().without("replyTo").judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"bob:m0", "Alice:m0", "alice:b:m0", "alic\u0435:m0", "lice:m0"})
        void ofAnEditIsTheAuthorsOwn(String target) {
            assertRejected(edit().withString("target", target).judged(), INVALID_TARGET);
        }

        @Test
        void ofAnEditIsTheAuthorsOwnAlsoWhereTheirIdHoldsAColon() {
            RawJson edit = edit().withString("userId", "a:b").withString("target", "a:b:m0");
            assertAccepted(EventRules.judge("a:b".getBytes(UTF_8), edit.bytes(), NOW));
            edit.withString("userId", "a");
            assertRejected(EventRules.judge("a".getBytes(UTF_8), edit.bytes(), NOW), INVALID_TARGET);
        }
    }

    @Test
    void theTextOfAnEditIsJudgedLikeThatOfAMessage() {
        assertRejected(edit().withString("text", " ").judged(), EMPTY_TEXT);
        assertRejected(edit().withString("text", "a".repeat(4_001)).judged(), TEXT_TOO_LONG);
    }

    @Nested
    class Reactions {

        @ParameterizedTest
        @ValueSource(strings = {"[]", "[\"👍\"]", "[\"👍\",\"🎉\",\"😀\",\"❤️\",\"❤\"]", "[\"👍🏽\"]", "[\"👨‍👩‍👧‍👦\"]",
            "[\"🇪🇸\"]", "[\"🏴󠁧󠁢󠁥󠁮󠁧󠁿\"]", "[\"1️⃣\"]", "[\"🫱🏻‍🫲🏿\"]", "[\"🙂‍↔️\"]", "[\"\\ud83d\\udc4d\"]"})
        void areUpToFiveDifferentEmoji(String reactions) {
            assertAccepted(reaction().with("reactions", reactions).judged());
        }

        @ParameterizedTest
        @ValueSource(strings = {"[\"\"]", "[\"a\"]", "[\"1\"]", "[\"#\"]", "[\"👍👍\"]", "[\"👍 \"]", "[\"👍a\"]",
            "[\"é\"]", "[\"漢\"]", "[\"👍‍\"]", "[\"‍👍\"]", "[\"🏽a\"]", "[\"🇪\"]", "[\"\\ud83d\"]", "[\"👍\",\"👍\"]",
            "[\"👍\",7]", "[null]", "[[\"👍\"]]", "\"👍\"", "null", "{}", "5",
            "[\"👍\",\"🎉\",\"😀\",\"😁\",\"😂\",\"😃\"]"})
        void areNothingElse(String reactions) {
            assertRejected(reaction().with("reactions", reactions).judged(), INVALID_REACTION);
        }

        @Test
        void mayBeAsLongAsSixteenCodePoints() {
            assertAccepted(reaction().with("reactions", "[\"" + "👩\u200D".repeat(7) + "👩\"]").judged());
            assertAccepted(reaction().with("reactions", "[\"" + "👩\u200D".repeat(7) + "👩🏽\"]").judged());
            assertRejected(reaction().with("reactions", "[\"" + "👩\u200D".repeat(8) + "👩\"]").judged(),
                    INVALID_REACTION);
        }

        @Test
        void areNeeded() {
            assertRejected(reaction().without("reactions").judged(), INVALID_REACTION);
        }
    }

    @Nested
    class Rules {

        @ParameterizedTest
        @CsvSource({"title,''", "title,Qué tal", "posting,everyone", "posting,verified", "posting,moderators",
            "slow-mode,0", "slow-mode,30", "slow-mode,21600", "mute,bob", "unmute,a:b", "moderator,bob",
            "no-moderator,bob", "owner,李"})
        void takeTheirValues(String rule, String value) {
            assertAccepted(rule(rule, value).judged());
        }

        @ParameterizedTest
        @CsvSource({"'',bob", "Title,T", "ban,bob", "posting,''", "posting,nobody", "posting,Everyone", "slow-mode,''",
            "slow-mode,-1", "slow-mode,21601", "slow-mode,99999999999", "slow-mode,01", "slow-mode,1.5",
            "slow-mode,' 5'", "slow-mode,٣", "mute,''", "mute,b b", "owner,''", "moderator,''"})
        void takeNothingElse(String rule, String value) {
            assertRejected(rule(rule, value).judged(), INVALID_RULE);
        }

        @Test
        void takeATitleOfUpTo200CodePointsThatAllCanSee() {
            assertAccepted(rule("title", "😀".repeat(200)).judged());
            assertRejected(rule("title", "😀".repeat(201)).judged(), INVALID_RULE);
            for (String hidden : List.of("a\u0000", "a\nb", "a\u202Eb", "a\u200Bb")) {
                assertRejected(rule("title", hidden).judged(), INVALID_RULE);
            }
            assertRejected(rule("title", "").with("value", "\"\\ud800\"").judged(), INVALID_RULE);
        }

        @ParameterizedTest
        @MethodSource("org.charla.protocol.EventRulesTest#notStrings")
        void takeStringsAlone(String json) {
            assertRejected(rule("slow-mode", "5").with("value", json).judged(), INVALID_RULE);
            assertRejected(rule("slow-mode", "5").with("rule", json).judged(), INVALID_RULE);
        }

        @Test
        void needARuleAndAValue() {
            assertRejected(rule("mute", "bob").without("rule").judged(), INVALID_RULE);
            assertRejected(rule("mute", "bob").without("value").judged(), INVALID_RULE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "\"9\"", "1.5", "1e20", "[]", "-1", "0", "1763791200140", "253402300800000"})
        void takeNoEndOfAMuteThatIsNoneOrHasPassed(String until) {
            assertRejected(rule("mute", "bob").with("until", until).judged(), INVALID_RULE);
        }

        @Test
        void takeAnEndForMutesAlone() {
            assertAccepted(rule("mute", "bob").with("until", Long.toString(NOW + 1)).judged());
            assertRejected(rule("unmute", "bob").with("until", Long.toString(NOW + 1)).judged(), INVALID_RULE);
            assertRejected(rule("title", "T").with("until", Long.toString(NOW + 1)).judged(), INVALID_RULE);
        }
    }
}
