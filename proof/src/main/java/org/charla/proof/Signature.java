package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Who signed a raw record, by docs/contract.md, "Identity", and Java's own Ed25519. */
final class Signature {

    static final String HEADER = "charla-signature";

    private static final int KEY_BYTES = 32;
    private static final int HEADER_BYTES = 81;
    private static final int KEY_ID_BYTES = 8;
    private static final int SIGNATURE_BYTES = 64;
    private static final long FRESH_MS = 30 * 60 * 1_000;
    private static final String PREFIX = "ed25519:";
    private static final byte[] CONTEXT = "charla-signature-v1\0".getBytes(UTF_8);
    private static final byte[] REALM = "charla".getBytes(UTF_8);
    private static final byte[] TOPIC = Oracle.RAW.getBytes(UTF_8);
    private static final Map<String, PublicKey> KEYS = new ConcurrentHashMap<>();

    private final byte[] keyId;
    private final long signedAt;
    private final byte[] bytes;

    private Signature(byte[] keyId, long signedAt, byte[] bytes) {
        this.keyId = keyId;
        this.signedAt = signedAt;
        this.bytes = bytes;
    }

    /** Null where the header is none of version 1. */
    static Signature parse(byte[] header) {
        if (header == null || header.length != HEADER_BYTES || header[0] != 1) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(header, 1, HEADER_BYTES - 1);
        byte[] keyId = new byte[KEY_ID_BYTES];
        buffer.get(keyId);
        long signedAt = buffer.getLong();
        byte[] bytes = new byte[SIGNATURE_BYTES];
        buffer.get(bytes);
        return new Signature(keyId, signedAt, bytes);
    }

    /** Whether it is one of a key among these over the record. */
    boolean holds(List<String> keys, byte[] key, byte[] value) {
        try {
            for (String text : keys) {
                if (Arrays.equals(keyId, keyId(raw(text)))) {
                    java.security.Signature verifier = java.security.Signature.getInstance("Ed25519");
                    verifier.initVerify(KEYS.computeIfAbsent(text, Signature::publicKey));
                    verifier.update(signed(key, signedAt, value));
                    return verifier.verify(bytes);
                }
            }
            return false;
        } catch (java.security.SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    boolean isFreshAt(long timestamp) {
        return Math.abs(signedAt - timestamp) <= FRESH_MS;
    }

    /** Whether it has the form of a key; the generator sends none that has it and is weak. */
    static boolean isKey(String text) {
        if (!text.startsWith(PREFIX)) {
            return false;
        }
        try {
            byte[] raw = raw(text);
            return raw.length == KEY_BYTES && text(raw).equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] raw(String text) {
        return Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    }

    private static String text(byte[] raw) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    private static byte[] keyId(byte[] raw) throws GeneralSecurityException {
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(raw), KEY_ID_BYTES);
    }

    private static byte[] signed(byte[] key, long signedAt, byte[] value) {
        ByteBuffer signed = ByteBuffer.allocate(CONTEXT.length + 3 * Short.BYTES + REALM.length + TOPIC.length
                + key.length + Long.BYTES + value.length);
        signed.put(CONTEXT);
        for (byte[] part : List.of(REALM, TOPIC, key)) {
            signed.putShort((short) part.length).put(part);
        }
        return signed.putLong(signedAt).put(value).array();
    }

    private static PublicKey publicKey(String text) {
        byte[] raw = raw(text);
        byte[] bigEndian = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            bigEndian[i] = raw[KEY_BYTES - 1 - i];
        }
        boolean isOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519,
                    new EdECPoint(isOdd, new BigInteger(1, bigEndian))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(text, e);
        }
    }

    /** A key of a user of the generator's, always the same for the same seed. Not thread-safe. */
    static final class Key {

        private final KeyPair pair;
        private final byte[] raw = new byte[KEY_BYTES];

        Key(long seed) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
                generator.initialize(NamedParameterSpec.ED25519, new Repeatable(seed));
                pair = generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has it", e);
            }
            EdECPoint point = ((EdECPublicKey) pair.getPublic()).getPoint();
            byte[] y = point.getY().toByteArray();
            for (int i = 0; i < Math.min(y.length, KEY_BYTES); i++) {
                raw[i] = y[y.length - 1 - i];
            }
            if (point.isXOdd()) {
                raw[KEY_BYTES - 1] |= (byte) 0x80;
            }
        }

        /** As it stands in a profile. */
        String text() {
            return Signature.text(raw);
        }

        /** The header's bytes. */
        byte[] sign(byte[] key, byte[] value, long signedAt) {
            try {
                java.security.Signature signer = java.security.Signature.getInstance("Ed25519");
                signer.initSign(pair.getPrivate());
                signer.update(signed(key, signedAt, value));
                return ByteBuffer.allocate(HEADER_BYTES).put((byte) 1).put(keyId(raw)).putLong(signedAt)
                        .put(signer.sign()).array();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has it", e);
            }
        }
    }

    /** Keys of a test are nobody's secret: those of a seed are the same each time. */
    private static final class Repeatable extends SecureRandom {

        private static final long serialVersionUID = 1;

        private final Random random;

        private Repeatable(long seed) {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
