package org.charla.protocol.signature;

/** Signs records of one topic in one realm with one key. Immutable and thread-safe. */
public final class RecordSigner {

    private final SigningKey key;
    private final SignedBytes signedBytes;

    /**
     * @param realm the cluster's {@code signatures.realm}: elsewhere the signatures are worth nothing
     * @param topic the topic that the records are sent to
     */
    public RecordSigner(SigningKey key, String realm, String topic) {
        this.key = key;
        this.signedBytes = new SignedBytes(realm, topic);
    }

    /** By which the signatures are verified. */
    public UserKey publicKey() {
        return key.publicKey();
    }

    /**
     * Signs one record, to be sent at once: after {@link RecordSignature#MAX_AGE_MS} the signature is stale.
     *
     * @param recordKey the record's key, at most 65,535 bytes
     * @param value the record's value, exactly as it will be sent
     * @param now when it is signed, in epoch milliseconds
     */
    public RecordSignature sign(byte[] recordKey, byte[] value, long now) {
        return new RecordSignature(
                key.publicKey().id(), now, key.sign(signedBytes.of(recordKey, now, value)));
    }
}
