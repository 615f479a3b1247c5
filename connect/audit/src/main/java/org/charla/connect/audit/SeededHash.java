package org.charla.connect.audit;

import java.util.SplittableRandom;

/** Hashes of which nobody can know beforehand which texts meet in them. Thread-safe. */
final class SeededHash {

    private final long seed = new SplittableRandom().nextLong();

    long of(String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash + text.charAt(i));
        }
        return hash;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    static long mixed(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
