package org.charla.protocol.signature;

/** Verifies signatures of the records of one topic in one realm. Immutable and thread-safe. */
public final class RecordVerifier {

    private final SignedBytes signedBytes;
    private final SignatureVerifier verifier;

    /**
     * @param realm the cluster's {@code signatures.realm}
     * @param topic the topic that the records stand in
     */
    public RecordVerifier(String realm, String topic, SignatureVerifier verifier) {
        this.signedBytes = new SignedBytes(realm, topic);
        this.verifier = verifier;
    }

    /**
     * Whether this key signed this record, in this topic and realm. Any bytes at all give an answer; nothing is thrown.
     * Whether it is fresh is another matter: {@link RecordSignature#isFreshAt}.
     *
     * @param recordKey the record's key; may be null, which nobody can sign
     * @param value the record's value; may be null, which nobody can sign
     */
    public boolean verify(UserKey key, RecordSignature signature, byte[] recordKey, byte[] value) {
        return signature.keyId() == key.id() && recordKey != null && value != null && SignedBytes.canSign(recordKey)
                && verifier.verify(key, signedBytes.of(recordKey, signature.signedAt(), value), signature.ed25519());
    }
}
