package org.charla.streams;

import java.util.TreeMap;

/**
 * Tells at once of most ids that they are new: a Bloom filter (Bloom, 1970) for each bucket of time, since nearly all ids
 * are new, and to learn that from the store costs more than all else that is done for a message. Its size is fixed: where
 * more ids come than it is made for, it says more often that one may be known, and the store is asked.
 */
final class RecentIds {

    /** 1 MiB: of 500,000 ids in a bucket of a partition, 1 in 400 new ones is taken for one that may be known. */
    private static final int BITS = 1 << 23;
    private static final int BITS_AN_ID = 4;

    private final long bucketMs;
    /** By the time at which they begin; few, since hardly anybody asks for what lies more than two buckets back. */
    private final TreeMap<Long, long[]> buckets = new TreeMap<>();
    /** The last of those of which nothing is known. */
    private long unknown = Long.MIN_VALUE;

    RecentIds(long bucketMs) {
        this.bucketMs = bucketMs;
    }

    /** Whether an id may have been added, in the bucket of this time or one next to it; if not, it was not. */
    boolean mayContain(String id, long time) {
        long bucket = time - time % bucketMs;
        long hash = hash(id);
        return contains(bucket, hash) || contains(bucket - bucketMs, hash) || contains(bucket + bucketMs, hash);
    }

    void add(String id, long time) {
        long bucket = time - time % bucketMs;
        long hash = hash(id);
        long[] bits = buckets.get(bucket);
        if (bits == null) {
            bits = new long[BITS / Long.SIZE];
            buckets.put(bucket, bits);
            while (buckets.firstKey() < buckets.lastKey() - 2 * bucketMs) {
                forgetUpTo(buckets.firstKey());
            }
        }
        for (int i = 0; i < BITS_AN_ID; i++) {
            int bit = bit(hash, i);
            bits[bit / Long.SIZE] |= 1L << bit;
        }
    }

    /** Takes every id of the bucket of this time, and of those before it, for one that may be known. */
    void forgetUpTo(long time) {
        unknown = Math.max(unknown, time - time % bucketMs);
        buckets.headMap(unknown, true).clear();
    }

    private boolean contains(long bucket, long hash) {
        if (bucket <= unknown) {
            return true;
        }
        long[] bits = buckets.get(bucket);
        if (bits == null) {
            return false;
        }
        for (int i = 0; i < BITS_AN_ID; i++) {
            int bit = bit(hash, i);
            if ((bits[bit / Long.SIZE] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Two hashes give all others (Kirsch, Mitzenmacher: Less hashing, same performance, 2006). */
    private static int bit(long hash, int i) {
        return ((int) hash + i * (int) (hash >>> 32)) & BITS - 1;
    }

    /** FNV-1a over the characters, and the last step of SplitMix64, which spreads it over all bits. */
    private static long hash(String id) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
        return hash ^ hash >>> 31;
    }
}
