package org.charla.protocol.signature;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Verifies Ed25519 signatures (RFC 8032, section 5.1.7, without context or prehash). Thread-safe.
 *
 * <p>A signature is refused whose S is not below the group's order (5.1.7, step 1: else anybody could make a second
 * one of it), and whose R is no canonical encoding of a point (5.1.3). Keys are strict themselves: {@link UserKey}.
 * Verifiers may differ in what only the owner of a key can make, on purpose: a signature or key with a part of small
 * order.
 */
@FunctionalInterface
public interface SignatureVerifier {

    /** The name of {@link #bouncyCastle}. */
    String BOUNCY_CASTLE = "BouncyCastle";

    /**
     * Whether this is the key's signature of these bytes. Any bytes at all give an answer; nothing is thrown.
     *
     * @param signature R and S; of another length than 64 bytes it is none
     */
    boolean verify(UserKey key, byte[] signed, byte[] signature);

    /** Bouncy Castle's, without the JCA around it: pure Java, eight times as fast as Java's own. */
    static SignatureVerifier bouncyCastle() {
        return (key, signed, signature) -> signature.length == RecordSignature.ED25519_BYTES
                && key.point().verify(Ed25519.Algorithm.Ed25519, null, signed, 0, signed.length, signature, 0);
    }

    /**
     * The verifier of this name: {@value #BOUNCY_CASTLE}, or a security provider that this Java has, by its name there
     * ({@code SunEC} is Java's own; others are put on the class path and into {@code java.security}).
     *
     * @throws IllegalArgumentException if there is none of that name that knows Ed25519
     */
    static SignatureVerifier named(String name) {
        if (name.equals(BOUNCY_CASTLE)) {
            return bouncyCastle();
        }
        Provider provider = Security.getProvider(name);
        if (provider == null || !JcaVerifier.isPossibleWith(provider)) {
            List<String> others = Arrays.stream(Security.getProviders())
                    .filter(JcaVerifier::isPossibleWith).map(Provider::getName).toList();
            throw new IllegalArgumentException("No security provider " + name + " verifies Ed25519; there are "
                    + BOUNCY_CASTLE + ", " + String.join(", ", others) + ".");
        }
        return new JcaVerifier(provider);
    }
}
