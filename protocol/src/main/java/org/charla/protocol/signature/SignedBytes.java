package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * What is signed of the records of one topic in one realm: bytes as they are sent, never JSON that is written anew, so
 * that no two programs can differ. Immutable and thread-safe.
 */
final class SignedBytes {

    private static final byte[] PURPOSE = "charla-signature-v1\0".getBytes(UTF_8);
    private static final int MAX_LENGTH = 0xFFFF;

    /** The part that all records of the topic have in common. */
    private final byte[] prefix;

    /** @throws IllegalArgumentException if one of them is longer than 65,535 bytes in UTF-8 */
    SignedBytes(String realm, String topic) {
        byte[] realmBytes = realm.getBytes(UTF_8);
        byte[] topicBytes = topic.getBytes(UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(
                PURPOSE.length + 2 * Short.BYTES + realmBytes.length + topicBytes.length).put(PURPOSE);
        put(buffer, realmBytes);
        put(buffer, topicBytes);
        prefix = buffer.array();
    }

    /** Whether a record with this key can be signed: one byte more, and its length has no room. */
    static boolean canSign(byte[] recordKey) {
        return recordKey.length <= MAX_LENGTH;
    }

    /**
     * The bytes of one record.
     *
     * @throws IllegalArgumentException if the key is longer than 65,535 bytes
     */
    byte[] of(byte[] recordKey, long signedAt, byte[] value) {
        ByteBuffer buffer = ByteBuffer.allocate(
                prefix.length + Short.BYTES + recordKey.length + Long.BYTES + value.length).put(prefix);
        put(buffer, recordKey);
        return buffer.putLong(signedAt).put(value).array();
    }

    private static void put(ByteBuffer buffer, byte[] bytes) {
        if (bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("longer than " + MAX_LENGTH + " bytes");
        }
        buffer.putShort((short) bytes.length).put(bytes);
    }
}
