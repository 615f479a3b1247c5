package org.charla.proof;

/**
 * What became of one attempt to write a raw record.
 *
 * @param answer Kafka's
 * @param partition where it was to go; where it stands, once it was acknowledged
 * @param offset of the record, once it was acknowledged
 * @param hash of the record, see {@link #hash}
 */
record Attempt(Answer answer, int partition, long offset, long hash) {

    enum Answer { ACKNOWLEDGED, REFUSED, UNSAID }

    static long hash(byte[] key, byte[] value, byte[] signature) {
        return Hash.of(key, value, signature);
    }
}
