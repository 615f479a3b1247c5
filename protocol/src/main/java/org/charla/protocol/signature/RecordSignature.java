package org.charla.protocol.signature;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The record header {@value #HEADER}: 81 bytes, big-endian. The version, 1 (1 byte), the id of the key (8), when it was
 * signed (8, epoch milliseconds) and the Ed25519 signature (64). Immutable and thread-safe; two of the same bytes are
 * equal.
 */
public final class RecordSignature {

    /** The name of the record header. */
    public static final String HEADER = "charla-signature";

    /** The length of the header's value, in bytes. */
    public static final int BYTES = 81;

    /** How far {@link #signedAt} may be from the record's timestamp, in milliseconds. */
    public static final long MAX_AGE_MS = 30 * 60 * 1_000;

    static final int ED25519_BYTES = 64;

    private static final byte VERSION = 1;
    private static final int KEY_ID = 1;
    private static final int SIGNED_AT = KEY_ID + Long.BYTES;
    private static final int SIGNATURE = SIGNED_AT + Long.BYTES;

    private final byte[] header;

    private RecordSignature(byte[] header) {
        this.header = header;
    }

    RecordSignature(long keyId, long signedAt, byte[] signature) {
        this(ByteBuffer.allocate(BYTES).put(VERSION).putLong(keyId).putLong(signedAt).put(signature).array());
    }

    /**
     * Reads a header's value. Whether the signature holds is another matter: {@link RecordVerifier}.
     *
     * @param header may be null, as a header's value may
     * @return empty where it is of another length or version
     */
    public static Optional<RecordSignature> parse(byte[] header) {
        return header == null || header.length != BYTES || header[0] != VERSION
                ? Optional.empty() : Optional.of(new RecordSignature(header.clone()));
    }

    /** The header's value; a copy. */
    public byte[] toBytes() {
        return header.clone();
    }

    /** Which key signed, by its {@link UserKey#id}: a hint, since others may have the same. */
    public long keyId() {
        return ByteBuffer.wrap(header).getLong(KEY_ID);
    }

    /** When it was signed, in epoch milliseconds: any number at all. */
    public long signedAt() {
        return ByteBuffer.wrap(header).getLong(SIGNED_AT);
    }

    /**
     * Whether it was signed at most {@link #MAX_AGE_MS} before or behind this time.
     *
     * @param timestamp the record's, in epoch milliseconds
     */
    public boolean isFreshAt(long timestamp) {
        // The distance of any two longs, unsigned.
        long distance = Math.max(signedAt(), timestamp) - Math.min(signedAt(), timestamp);
        return Long.compareUnsigned(distance, MAX_AGE_MS) <= 0;
    }

    byte[] ed25519() {
        return Arrays.copyOfRange(header, SIGNATURE, BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordSignature signature && Arrays.equals(header, signature.header);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(header);
    }
}
