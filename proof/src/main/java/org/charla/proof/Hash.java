package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

/** 64 bits of what was written, by which the ledger and the oracle know it again. */
final class Hash {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long state = OFFSET;

    private Hash() {
    }

    /** Null is told from what is empty, and two parts from what they are together. */
    static long of(byte[]... parts) {
        Hash hash = new Hash();
        for (byte[] part : parts) {
            hash.add(part);
        }
        return hash.end();
    }

    static long of(String text) {
        return of(text.getBytes(UTF_8));
    }

    private void add(byte[] part) {
        int length = part == null ? -1 : part.length;
        long mixed = (state ^ length) * PRIME;
        for (int i = 0; i < length; i++) {
            mixed = (mixed ^ part[i]) * PRIME;
        }
        state = mixed;
    }

    /** What FNV leaves alike in neighbours is spread over all bits (the end of MurmurHash3). */
    private long end() {
        long mixed = state;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
