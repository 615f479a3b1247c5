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

    /** Each with the letter that it has in the ledger's file. */
    enum Answer {
        ACKNOWLEDGED('A'), REFUSED('R'), UNSAID('U');

        private final char letter;

        Answer(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }

        static Answer of(int letter) {
            for (Answer answer : values()) {
                if (answer.letter == letter) {
                    return answer;
                }
            }
            throw new IllegalArgumentException("no answer: " + letter);
        }
    }

    static long hash(byte[] key, byte[] value, byte[] signature) {
        return Hash.of(key, value, signature);
    }
}
