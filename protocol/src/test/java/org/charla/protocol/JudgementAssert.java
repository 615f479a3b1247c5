package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.Judgement.Rejected;

/** What tests say about a judgement. */
final class JudgementAssert {

    private JudgementAssert() {
    }

    static void assertAccepted(Judgement judgement) {
        assertThat(judgement).isInstanceOf(Accepted.class);
    }

    static void assertAccepted(Judgement judgement, RawEvent event) {
        assertThat(judgement).isEqualTo(new Accepted(event));
    }

    static void assertRejected(Judgement judgement, RejectionCode code) {
        assertThat(judgement).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.code()).as(rejected.reason()).isEqualTo(code);
            assertThat(rejected.reason()).matches("[A-Z].*\\.");
        });
    }
}
