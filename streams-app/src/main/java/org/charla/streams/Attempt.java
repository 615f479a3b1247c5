package org.charla.streams;

import java.util.HashSet;
import java.util.Set;

/**
 * What a stream thread does between two commits. All but the outcome belongs to that thread; the outcome is written by
 * its producer's thread as well.
 */
final class Attempt {

    /** How it stands with the transaction, if there is one: nothing has failed, or all is to be done again, or can't be. */
    enum Outcome { NO_TRANSACTION, OPEN, STARTS_AGAIN, FATAL }

    private final Set<String> topics = new HashSet<>();
    private long begunMs;
    private Source inHand;
    private volatile Outcome outcome = Outcome.NO_TRANSACTION;

    /** The record that is being processed; null between two of them. */
    Source inHand() {
        return inHand;
    }

    void take(Source source) {
        inHand = source;
    }

    /** A transaction begins, at this time in epoch milliseconds. */
    void begin(long now) {
        topics.clear();
        begunMs = now;
        outcome = Outcome.OPEN;
    }

    /** For how long the transaction has been open, in milliseconds; 0 where there is none. */
    long openMs(long now) {
        return outcome == Outcome.NO_TRANSACTION ? 0 : now - begunMs;
    }

    void sends(String topic) {
        topics.add(topic);
    }

    /** How many topics the transaction has written to. */
    int topics() {
        return topics.size();
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
