package org.charla.client.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.BufferedBlockCipher;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.charla.protocol.signature.SigningKey;

/**
 * A private key as text: PKCS#8 in PEM (RFC 7468), in the open or under a passphrase (RFC 8018: PBES2 with PBKDF2 and
 * AES-CBC), as OpenSSL reads and writes it.
 */
public final class PemKey {

    /** The longest text that is read, in characters: much more than one has. */
    public static final int LONGEST = 16_384;

    private static final String OPEN = "PRIVATE KEY";
    private static final String LOCKED = "ENCRYPTED PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");

    private static final int ITERATIONS = 600_000;
    /** What takes some seconds: a file can ask for years. */
    private static final int MOST_ITERATIONS = 5_000_000;
    private static final int SALT_BYTES = 16;
    private static final int AES_BLOCK_BYTES = 16;

    private static final Map<ASN1ObjectIdentifier, Integer> KEY_BITS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, 128,
            NISTObjectIdentifiers.id_aes192_CBC, 192,
            NISTObjectIdentifiers.id_aes256_CBC, 256);

    /** A text that is no such key, or doesn't open; the message says which, and holds nothing of it. */
    public static final class UnfitException extends Exception {

        private static final long serialVersionUID = 1L;

        private UnfitException(String message) {
            super(message);
        }
    }

    private PemKey() {
    }

    /** The key in the open. */
    public static String write(SigningKey key) {
        return pem(OPEN, key.toPkcs8());
    }

    /** The key under a passphrase. */
    public static String write(SigningKey key, char[] passphrase) {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] iv = new byte[AES_BLOCK_BYTES];
        random.nextBytes(iv);
        PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        try {
            byte[] locked = cipher(true, passphrase, derivation, new SHA256Digest(), 256, iv, key.toPkcs8());
            AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(
                    new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                    new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv))));
            return pem(LOCKED, new EncryptedPrivateKeyInfo(algorithm, locked).getEncoded(ASN1Encoding.DER));
        } catch (InvalidCipherTextException | IOException e) {
            throw new AssertionError("what is locked needs no passphrase that is right", e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    /** Whether this is a key under a passphrase. */
    public static boolean isLocked(String text) {
        Matcher block = BLOCK.matcher(text);
        return block.find() && block.group(1).equals(LOCKED);
    }

    /**
     * Reads a key in the open.
     *
     * @throws UnfitException if it is none
     */
    public static SigningKey read(String text) throws UnfitException {
        try {
            return SigningKey.fromPkcs8(block(text, OPEN));
        } catch (InvalidKeyException e) {
            throw new UnfitException("it is no Ed25519 key in PKCS#8");
        }
    }

    /**
     * Reads a key under a passphrase.
     *
     * @throws UnfitException if it is none, or the passphrase doesn't open it
     */
    public static SigningKey read(String text, char[] passphrase) throws UnfitException {
        byte[] der = block(text, LOCKED);
        try {
            EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
            AlgorithmIdentifier algorithm = info.getEncryptionAlgorithm();
            if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
                throw locked("is not PBES2");
            }
            PBES2Parameters parameters = PBES2Parameters.getInstance(algorithm.getParameters());
            KeyDerivationFunc function = parameters.getKeyDerivationFunc();
            EncryptionScheme scheme = parameters.getEncryptionScheme();
            if (!function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
                throw locked("does not derive its key by PBKDF2");
            }
            PBKDF2Params derivation = PBKDF2Params.getInstance(function.getParameters());
            Integer bits = KEY_BITS.get(scheme.getAlgorithm());
            if (bits == null) {
                throw locked("is not AES-CBC");
            }
            if (derivation.getIterationCount().bitLength() > Integer.SIZE - 1
                    || derivation.getIterationCount().intValue() > MOST_ITERATIONS) {
                throw locked("takes more than " + MOST_ITERATIONS + " iterations");
            }
            Digest digest = digest(derivation.getPrf()).orElseThrow(() ->
                    locked("derives its key by something else than HMAC with SHA-1, SHA-256 or SHA-512"));
            return SigningKey.fromPkcs8(cipher(false, passphrase, derivation, digest, bits,
                    ASN1OctetString.getInstance(scheme.getParameters()).getOctets(), info.getEncryptedData()));
        } catch (InvalidCipherTextException | InvalidKeyException e) {
            // One wrong passphrase in 256 seems to open it.
            throw new UnfitException("the passphrase does not open it, or it is no Ed25519 key");
        } catch (RuntimeException e) {
            throw new UnfitException("it is no private key in PKCS#8");
        }
    }

    private static UnfitException locked(String how) {
        return new UnfitException("its encryption " + how + ": openssl pkey can make another of it");
    }

    private static Optional<Digest> digest(AlgorithmIdentifier prf) {
        if (prf.getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA1)) {
            return Optional.of(new SHA1Digest());
        }
        if (prf.getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
            return Optional.of(new SHA256Digest());
        }
        return prf.getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA512)
                ? Optional.of(new SHA512Digest()) : Optional.empty();
    }

    private static byte[] cipher(boolean lock, char[] passphrase, PBKDF2Params derivation, Digest digest, int bits,
            byte[] iv, byte[] text) throws InvalidCipherTextException {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
        generator.init(PBEParametersGenerator.PKCS5PasswordToUTF8Bytes(passphrase), derivation.getSalt(),
                derivation.getIterationCount().intValue());
        BufferedBlockCipher cipher =
                new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(AESEngine.newInstance()));
        cipher.init(lock, new ParametersWithIV(generator.generateDerivedParameters(bits), iv));
        byte[] result = new byte[cipher.getOutputSize(text.length)];
        int length = cipher.processBytes(text, 0, text.length, result, 0);
        length += cipher.doFinal(result, length);
        return Arrays.copyOf(result, length);
    }

    private static byte[] block(String text, String label) throws UnfitException {
        Matcher block = BLOCK.matcher(text);
        if (text.length() > LONGEST || !block.find()) {
            throw new UnfitException("it is no private key in PEM (-----BEGIN PRIVATE KEY-----)");
        }
        if (!block.group(1).equals(label)) {
            throw new UnfitException(block.group(1).equals(LOCKED) ? "it is under a passphrase"
                    : "it is a " + block.group(1) + ", not a PRIVATE KEY (PKCS#8)");
        }
        try {
            return Base64.getMimeDecoder().decode(block.group(2).getBytes(US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new UnfitException("it is no private key in PEM: its base64 is broken");
        }
    }
}
