package org.charla.protocol.signature;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 private key, with which a user signs. Immutable and thread-safe; prints nothing of itself. */
public final class SigningKey {

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
        // Java's own: Bouncy Castle's adds the public key, which Java 17 can't read.
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.getEncoded()))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has Ed25519", e);
        }
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
