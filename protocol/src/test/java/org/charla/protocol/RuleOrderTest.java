package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.charla.protocol.JudgementAssert.assertAccepted;
import static org.charla.protocol.JudgementAssert.assertRejected;
import static org.charla.protocol.RawJson.NOW;
import static org.charla.protocol.RejectionCode.EMPTY_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_CHANNEL;
import static org.charla.protocol.RejectionCode.INVALID_DISPLAY_NAME;
import static org.charla.protocol.RejectionCode.INVALID_KEY;
import static org.charla.protocol.RejectionCode.INVALID_MESSAGE_ID;
import static org.charla.protocol.RejectionCode.INVALID_REACTION;
import static org.charla.protocol.RejectionCode.INVALID_RULE;
import static org.charla.protocol.RejectionCode.INVALID_SENT_AT;
import static org.charla.protocol.RejectionCode.INVALID_TARGET;
import static org.charla.protocol.RejectionCode.INVALID_TEXT;
import static org.charla.protocol.RejectionCode.INVALID_USER_ID;
import static org.charla.protocol.RejectionCode.KEY_MISMATCH;
import static org.charla.protocol.RejectionCode.MALFORMED;
import static org.charla.protocol.RejectionCode.TEXT_TOO_LONG;
import static org.charla.protocol.RejectionCode.UNKNOWN_TYPE;
import static org.charla.protocol.RejectionCode.WRONG_PARTITION;

import org.junit.jupiter.api.Test;

/** The first rule that fails names the rejection: an event that breaks all of them is mended one by one. */
class RuleOrderTest {

    @Test
    void aMessageIsRejectedByTheFirstRuleThatItBreaks() {
        RawJson event = new RawJson().withString("type", "nonsense").withString("messageId", "a:b")
                .with("userId", "\"\\ud800\"").withString("channel", "../x").with("sentAt", "1e3");
        byte[] wrongKey = "bob".getBytes(UTF_8);

        assertRejected(judge(wrongKey, event + "{}"), MALFORMED);
        assertRejected(EventRules.judge(wrongKey, event.bytes(), NOW, 5, 6), WRONG_PARTITION);
        assertRejected(judge(wrongKey, event), UNKNOWN_TYPE);
        event.withString("type", "message");
        assertRejected(judge(wrongKey, event), INVALID_MESSAGE_ID);
        event.withString("messageId", "m1");
        assertRejected(judge(wrongKey, event), INVALID_USER_ID);
        event.withString("userId", "alice");
        assertRejected(judge(wrongKey, event), KEY_MISMATCH);
        assertRejected(event.withString("replyTo", "?").judged(), INVALID_CHANNEL);
        event.withString("channel", "general");
        assertRejected(event.judged(), INVALID_TARGET);
        event.withString("replyTo", "bob:m0");
        assertRejected(event.withString("text", " ").judged(), EMPTY_TEXT);
        assertRejected(event.withString("text", " ".repeat(4_001)).judged(), EMPTY_TEXT);
        assertRejected(event.with("text", '"' + "\\ud800".repeat(4_001) + '"').judged(), TEXT_TOO_LONG);
        assertRejected(event.with("text", '"' + "\\u0000".repeat(4_001) + '"').judged(), TEXT_TOO_LONG);
        assertRejected(event.with("text", '"' + "\\ud800".repeat(4_000) + '"').judged(), INVALID_TEXT);
        event.withString("text", "hola");
        assertRejected(event.judged(), INVALID_SENT_AT);
        assertAccepted(event.with("sentAt", "0").judged());
    }

    @Test
    void aProfileIsRejectedByTheFirstRuleThatItBreaks() {
        RawJson event = new RawJson().withString("type", "profile").with("messageId", "7").with("userId", "7");
        byte[] wrongKey = "bob".getBytes(UTF_8);

        assertRejected(judge(wrongKey, event), INVALID_MESSAGE_ID);
        event.withString("messageId", "p1");
        assertRejected(judge(wrongKey, event), INVALID_USER_ID);
        event.withString("userId", "alice");
        assertRejected(judge(wrongKey, event), KEY_MISMATCH);
        assertRejected(event.judged(), INVALID_DISPLAY_NAME);
        event.withString("displayName", "Alice").with("keys", "[]");
        assertRejected(event.judged(), INVALID_KEY);
        event.without("keys");
        assertRejected(event.judged(), INVALID_SENT_AT);
        assertAccepted(event.with("sentAt", "0").judged());
    }

    @Test
    void aChangeIsRejectedByTheFirstRuleThatItBreaks() {
        RawJson event = new RawJson().withString("type", "edit").withString("messageId", "c1")
                .withString("userId", "alice").withString("channel", "#general").withString("target", "m0");

        assertRejected(event.judged(), INVALID_CHANNEL);
        event.withString("channel", "general");
        assertRejected(event.judged(), INVALID_TARGET);
        event.withString("target", "alice:m0");
        assertRejected(event.judged(), EMPTY_TEXT);
        event.withString("text", "hola");
        assertRejected(event.judged(), INVALID_SENT_AT);
        event.withString("type", "deletion").without("text");
        assertRejected(event.judged(), INVALID_SENT_AT);
        event.withString("type", "reaction");
        assertRejected(event.judged(), INVALID_REACTION);
        event.with("reactions", "[]");
        assertRejected(event.judged(), INVALID_SENT_AT);
        event.withString("type", "rule");
        assertRejected(event.judged(), INVALID_RULE);
        event.withString("rule", "title").withString("value", "");
        assertRejected(event.judged(), INVALID_SENT_AT);
        assertAccepted(event.with("sentAt", "0").judged());
    }

    private static Judgement judge(byte[] key, Object json) {
        return EventRules.judge(key, json.toString().getBytes(UTF_8), NOW);
    }
}
