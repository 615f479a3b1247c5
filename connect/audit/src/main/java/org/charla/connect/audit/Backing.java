package org.charla.connect.audit;

/**
 * Whether each change that documents tell of has a record, in memory that doesn't grow with them: what documents claim is
 * added up, what records confirm is taken off, by their messages' ids in so many sums that one that isn't zero leads to
 * few documents. A sum may differ for a moment's sake, where a document was changed meanwhile; one is zero by chance once in
 * 2<sup>64</sup> times.
 */
final class Backing {

    private static final int SUMS = 1 << 20;

    private final long[] sums = new long[SUMS];
    private final SeededHash hash = new SeededHash();
    private boolean isUsed;

    /** A document tells of this change. */
    void claim(String target, Change change) {
        isUsed = true;
        sums[place(target)] += hash(target, change);
    }

    /** This record is the change that the document tells of. */
    void confirm(String target, Change change) {
        sums[place(target)] -= hash(target, change);
    }

    /** Whether something is not known to have a record. */
    boolean isInDoubt() {
        if (isUsed) {
            for (long sum : sums) {
                if (sum != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether it may be this message's. */
    boolean isInDoubt(String target) {
        return sums[place(target)] != 0;
    }

    private int place(String target) {
        return (int) (hash.of(target) & SUMS - 1);
    }

    private long hash(String target, Change change) {
        long place = SeededHash.mixed(hash.of(target) + change.position());
        return SeededHash.mixed(SeededHash.mixed(place + hash.of(change.by())) + hash.of(change.kind().key()));
    }
}
