package org.charla.protocol;

/** What becomes of a raw record: accepted as an event, or rejected with a code. There is no third. */
public sealed interface Judgement {

    record Accepted(RawEvent event) implements Judgement {
    }

    /**
     * Refused.
     *
     * @param reason one sentence for a person; never holds anything that the sender wrote
     */
    record Rejected(RejectionCode code, String reason) implements Judgement {
    }
}
