package org.charla.protocol.signature;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.WeakHashMap;

/** Verifies with a security provider. */
final class JcaVerifier implements SignatureVerifier {

    /** The name that all providers know it by; the key says which curve. */
    private static final String ALGORITHM = "EdDSA";

    /** What X.509 puts before the 32 bytes of a key (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Provider provider;

    /** Each key as the provider has it, for as long as somebody holds it. */
    private final Map<UserKey, PublicKey> keys = Collections.synchronizedMap(new WeakHashMap<>());

    JcaVerifier(Provider provider) {
        this.provider = provider;
    }

    static boolean isPossibleWith(Provider provider) {
        return provider.getService("Signature", ALGORITHM) != null
                && provider.getService("KeyFactory", ALGORITHM) != null;
    }

    @Override
    public boolean verify(UserKey key, byte[] signed, byte[] signature) {
        if (signature.length != RecordSignature.ED25519_BYTES) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(ALGORITHM, provider);
            verifier.initVerify(keys.computeIfAbsent(key, this::parse));
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // How some providers say that R or S is none.
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("a provider that can't do what it offers: " + provider, e);
        }
    }

    private PublicKey parse(UserKey key) {
        byte[] bytes = key.bytes();
        byte[] x509 = new byte[X509_PREFIX.length + bytes.length];
        System.arraycopy(X509_PREFIX, 0, x509, 0, X509_PREFIX.length);
        System.arraycopy(bytes, 0, x509, X509_PREFIX.length, bytes.length);
        try {
            return KeyFactory.getInstance(ALGORITHM, provider).generatePublic(new X509EncodedKeySpec(x509));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a provider that can't do what it offers: " + provider, e);
        }
    }
}
