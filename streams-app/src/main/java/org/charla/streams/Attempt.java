package org.charla.streams;

/**
 * What a stream thread does between two commits. All but the outcome belongs to that thread; the outcome is written by
 * its producer's thread as well.
 */
final class Attempt {

    /** How it stands with the transaction, if there is one: nothing has failed, or all is to be done again, or can't be. */
    enum Outcome { NO_TRANSACTION, OPEN, STARTS_AGAIN, FATAL }

    private Source inHand;
    private volatile Outcome outcome = Outcome.NO_TRANSACTION;

    /** The record that is being processed; null between two of them. */
    Source inHand() {
        return inHand;
    }

    void take(Source source) {
        inHand = source;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Whether a send of the transaction has failed, and been judged, already. */
    boolean hasFailed() {
        return outcome == Outcome.STARTS_AGAIN || outcome == Outcome.FATAL;
    }

    void set(Outcome newOutcome) {
        outcome = newOutcome;
    }
}
