package org.charla.protocol.signature;

import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 private key, with which a user signs. Immutable and thread-safe; prints nothing of itself. */
public final class SigningKey {

    /** What PKCS#8 puts before the 32 bytes of a seed (RFC 8410), where it holds nothing else. */
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final Ed25519PrivateKeyParameters seed;
    private final UserKey publicKey;

    private SigningKey(Ed25519PrivateKeyParameters seed) {
        this.seed = seed;
        this.publicKey = new UserKey(seed.generatePublicKey());
    }

    /** A new one, of the system's best randomness. */
    public static SigningKey generate() {
        return new SigningKey(new Ed25519PrivateKeyParameters(new SecureRandom()));
    }

    /**
     * Reads PKCS#8, unencrypted, as {@code openssl genpkey -algorithm ed25519 -outform DER} writes it (RFC 8410).
     *
     * @throws InvalidKeyException if it is anything else, another kind of key too
     */
    public static SigningKey fromPkcs8(byte[] der) throws InvalidKeyException {
        int begin = PKCS8_PREFIX.length;
        if (der.length == begin + Ed25519PrivateKeyParameters.KEY_SIZE
                && Arrays.equals(der, 0, begin, PKCS8_PREFIX, 0, begin)) {
            // As nearly all are, and without the classes that know all that may be in one.
            return fromSeed(Arrays.copyOfRange(der, begin, der.length));
        }
        try {
            if (PrivateKeyFactory.createKey(der) instanceof Ed25519PrivateKeyParameters seed) {
                return new SigningKey(seed);
            }
        } catch (IOException | RuntimeException e) {
            throw new InvalidKeyException("This is no private key in PKCS#8.", e);
        }
        throw new InvalidKeyException("This private key is not an Ed25519 key.");
    }

    /**
     * The key of this seed, the private key of RFC 8032.
     *
     * @throws IllegalArgumentException if it has not 32 bytes
     */
    public static SigningKey fromSeed(byte[] seed) {
        if (seed.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
            throw new IllegalArgumentException("a seed has " + Ed25519PrivateKeyParameters.KEY_SIZE + " bytes");
        }
        return new SigningKey(new Ed25519PrivateKeyParameters(seed));
    }

    /** PKCS#8, unencrypted, DER: what {@link #fromPkcs8} reads, and Java and OpenSSL too. */
    public byte[] toPkcs8() {
        // Without the public key, which Bouncy Castle adds and Java 17 can't read.
        byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + Ed25519PrivateKeyParameters.KEY_SIZE);
        seed.encode(der, PKCS8_PREFIX.length);
        return der;
    }

    /** The other half, which others know the user by. */
    public UserKey publicKey() {
        return publicKey;
    }

    byte[] sign(byte[] signed) {
        byte[] signature = new byte[RecordSignature.ED25519_BYTES];
        seed.sign(Ed25519.Algorithm.Ed25519, null, signed, 0, signed.length, signature, 0);
        return signature;
    }
}
