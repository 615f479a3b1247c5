package org.charla.proof;

import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What may become of a raw event: where the contract leaves a freedom, more than one thing. Immutable.
 *
 * @param refusals the codes that it may be refused with
 * @param isAccepted whether it may be accepted
 * @param isDropped whether it may be dropped as a duplicate
 * @param isNeverRead whether retention took it before anybody read it
 */
record Outcomes(Set<Code> refusals, boolean isAccepted, boolean isDropped, boolean isNeverRead) {

    static final Outcomes NONE = new Outcomes(Set.of(), false, false, false);
    static final Outcomes ACCEPTED = new Outcomes(Set.of(), true, false, false);
    static final Outcomes DROPPED = new Outcomes(Set.of(), false, true, false);
    static final Outcomes NEVER_READ = new Outcomes(Set.of(), false, false, true);

    static Outcomes refused(Code code) {
        return new Outcomes(Set.of(code), false, false, false);
    }

    Outcomes or(Outcomes others) {
        Set<Code> all = EnumSet.noneOf(Code.class);
        all.addAll(refusals);
        all.addAll(others.refusals);
        return new Outcomes(all, isAccepted || others.isAccepted, isDropped || others.isDropped,
                isNeverRead || others.isNeverRead);
    }

    Outcomes or(Code code) {
        return or(refused(code));
    }

    /** The same, but that it may not be accepted. */
    Outcomes withoutAcceptance() {
        return new Outcomes(refusals, false, isDropped, isNeverRead);
    }

    boolean allow(Code code) {
        return refusals.contains(code);
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(" or ");
        if (isAccepted) {
            all.add("accepted");
        }
        if (isDropped) {
            all.add("dropped as a duplicate");
        }
        if (isNeverRead) {
            all.add("never read");
        }
        refusals.forEach(code -> all.add(code.name()));
        return all.toString();
    }
}
