package org.charla.protocol.signature;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/**
 * The public half of an Ed25519 key that a user signs with, decoded once. It is a point of the curve in its canonical
 * encoding (RFC 8032, section 5.1.3) and not of small order, under which one signature would hold for any bytes.
 * Immutable and thread-safe; two of the same 32 bytes are equal.
 */
public final class UserKey {

    /** The length of a key, in bytes. */
    public static final int BYTES = Ed25519PublicKeyParameters.KEY_SIZE;

    private static final String PREFIX = "ed25519:";
    private static final int TEXT_LENGTH = PREFIX.length() + 43;

    /** What OpenSSH puts before the 32 bytes: the type's name and the key, each behind its length (RFC 8709). */
    private static final byte[] SSH_PREFIX =
            {0, 0, 0, 11, 's', 's', 'h', '-', 'e', 'd', '2', '5', '5', '1', '9', 0, 0, 0, 32};

    /** Of 400 bytes each. */
    private static final int MOST_KNOWN = 20_000;

    /** What texts are, also that they are none: whoever sends the same again costs a look-up. */
    private static final Map<String, Optional<UserKey>> LAST_READ =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Optional<UserKey>> eldest) {
                    return size() > MOST_KNOWN;
                }
            });

    private final Ed25519PublicKeyParameters point;
    private final byte[] bytes;
    private final long id;

    UserKey(Ed25519PublicKeyParameters point) {
        this.point = point;
        this.bytes = point.getEncoded();
        this.id = ByteBuffer.wrap(sha256().digest(bytes)).getLong();
    }

    /**
     * Reads a key as profiles carry it: {@code ed25519:} and its 32 bytes in base64url without padding. The last
     * that were read are remembered: to decode one takes a tenth as long as to verify with it.
     *
     * @return empty where it is anything else, another spelling of the same bytes too
     */
    public static Optional<UserKey> parse(String text) {
        if (text.length() != TEXT_LENGTH || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<UserKey> key = LAST_READ.get(text);
        if (key == null) {
            // Without the lock: somebody who sends ever other keys holds up nobody else.
            key = decode(text);
            LAST_READ.put(text, key);
        }
        return key;
    }

    private static Optional<UserKey> decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // The last character has two bits to spare; Java's decoder takes them whatever they are.
        return text(bytes).equals(text) ? of(bytes) : Optional.empty();
    }

    /** The key of these 32 bytes; empty where they are none, see above. */
    public static Optional<UserKey> of(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new UserKey(new Ed25519PublicKeyParameters(bytes)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first 8 bytes of the SHA-256 of the key's 32 bytes, big-endian: how a signature names its key. */
    public long id() {
        return id;
    }

    /** The 32 bytes of RFC 8032; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What {@code ssh-keygen -l} prints for this key: {@code SHA256:} and 43 characters of base64. For people. */
    public String fingerprint() {
        MessageDigest digest = sha256();
        digest.update(SSH_PREFIX);
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest.digest(bytes));
    }

    /** As profiles carry it, see {@link #parse}. */
    @Override
    public String toString() {
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    Ed25519PublicKeyParameters point() {
        return point;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }
}
