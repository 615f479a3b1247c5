package org.charla.proof;

import java.util.StringJoiner;

/** What may become of a raw event: where the contract leaves a freedom, more than one thing. Immutable. */
record Outcomes(long bits) {

    static final Outcomes NONE = new Outcomes(0);
    static final Outcomes ACCEPTED = new Outcomes(1L << 60);
    /** As a duplicate. */
    static final Outcomes DROPPED = new Outcomes(1L << 61);
    /** Retention took it before anybody read it. */
    static final Outcomes NEVER_READ = new Outcomes(1L << 62);

    static Outcomes refused(Code code) {
        return new Outcomes(1L << code.ordinal());
    }

    Outcomes or(Outcomes others) {
        return new Outcomes(bits | others.bits);
    }

    Outcomes or(Code code) {
        return or(refused(code));
    }

    Outcomes without(Outcomes others) {
        return new Outcomes(bits & ~others.bits);
    }

    boolean allow(Outcomes one) {
        return (bits & one.bits) != 0;
    }

    boolean allow(Code code) {
        return allow(refused(code));
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(" or ");
        if (allow(ACCEPTED)) {
            all.add("accepted");
        }
        if (allow(DROPPED)) {
            all.add("dropped as a duplicate");
        }
        if (allow(NEVER_READ)) {
            all.add("never read");
        }
        for (Code code : Code.values()) {
            if (allow(code)) {
                all.add(code.name());
            }
        }
        return all.toString();
    }
}
