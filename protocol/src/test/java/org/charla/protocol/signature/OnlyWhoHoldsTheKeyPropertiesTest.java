package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Whoever changes anything of a signed record, without the key, has no signature for it. */
class OnlyWhoHoldsTheKeyPropertiesTest {

    private static final SignatureVerifier VERIFIER = SignatureVerifier.bouncyCastle();

    private static final Gen<byte[]> BYTES = bytes(1, 300);
    private static final Gen<SigningKey> KEYS = bytes(32, 32).map(SigningKey::fromSeed);
    private static final Gen<Signed> SIGNED = KEYS.zip(
            strings().basicMultilingualPlaneAlphabet().ofLengthBetween(1, 20), longs().all(), BYTES, BYTES, Signed::new);
    private static final Gen<Integer> ANY = integers().between(0, Integer.MAX_VALUE);

    /** A record of chat.raw in the realm of this name, signed. */
    private record Signed(SigningKey key, String realm, long signedAt, byte[] recordKey, byte[] value) {

        RecordSignature signature() {
            return new RecordSigner(key, realm, "chat.raw").sign(recordKey, value, signedAt);
        }

        boolean isVerifiedWith(UserKey otherKey, byte[] header) {
            return new RecordVerifier(realm, "chat.raw", VERIFIER)
                    .verify(otherKey, RecordSignature.parse(header).orElseThrow(), recordKey, value);
        }

        boolean isVerifiedAs(String otherRealm, String topic, byte[] otherRecordKey, byte[] otherValue) {
            return new RecordVerifier(otherRealm, topic, VERIFIER)
                    .verify(key.publicKey(), signature(), otherRecordKey, otherValue);
        }
    }

    @Test
    void whoHoldsItSignsAnyRecord() {
        qt().withExamples(300).forAll(SIGNED).check(signed ->
                signed.isVerifiedWith(signed.key.publicKey(), signed.signature().toBytes()));
    }

    @Test
    void noBitOfTheHeaderCanBeChanged() {
        Gen<Integer> bits = integers().between(8, RecordSignature.BYTES * 8 - 1);
        qt().withExamples(500).forAll(SIGNED, bits).check((signed, bit) ->
                !signed.isVerifiedWith(signed.key.publicKey(), flipped(signed.signature().toBytes(), bit)));
    }

    @Test
    void noBitOfTheVersionCanBeChanged() {
        for (int bit = 0; bit < 8; bit++) {
            byte[] header = new RecordSignature(1, 2, new byte[64]).toBytes();
            assertThat(RecordSignature.parse(header)).isPresent();
            assertThat(RecordSignature.parse(flipped(header, bit))).isEmpty();
        }
    }

    @Test
    void noBitOfTheValueCanBeChanged() {
        qt().withExamples(300).forAll(SIGNED, ANY).check((signed, bit) ->
                !signed.isVerifiedAs(signed.realm, "chat.raw", signed.recordKey, flipped(signed.value, bit)));
    }

    @Test
    void noBitOfTheRecordKeyCanBeChanged() {
        qt().withExamples(300).forAll(SIGNED, ANY).check((signed, bit) ->
                !signed.isVerifiedAs(signed.realm, "chat.raw", flipped(signed.recordKey, bit), signed.value));
    }

    @Test
    void noByteCanMoveBetweenRecordKeyAndValue() {
        qt().withExamples(300).forAll(SIGNED).check(signed -> {
            byte[] all = concatenated(signed.recordKey, signed.value);
            int parted = signed.recordKey.length + 1;
            return !signed.isVerifiedAs(signed.realm, "chat.raw",
                    Arrays.copyOf(all, parted), Arrays.copyOfRange(all, parted, all.length));
        });
    }

    @Test
    void neitherRealmNorTopicCanBeAnother() {
        Gen<String> names = strings().basicMultilingualPlaneAlphabet().ofLengthBetween(0, 20);
        qt().withExamples(300).forAll(SIGNED, names).assuming((signed, name) -> !sameInUtf8(name, signed.realm))
                .check((signed, name) -> !signed.isVerifiedAs(name, "chat.raw", signed.recordKey, signed.value));
        qt().withExamples(300).forAll(SIGNED, names).assuming((signed, name) -> !name.equals("chat.raw"))
                .check((signed, name) -> !signed.isVerifiedAs(signed.realm, name, signed.recordKey, signed.value));
    }

    @Test
    void noOtherKeyVerifiesIt() {
        qt().withExamples(300).forAll(SIGNED, ANY).check((signed, bit) ->
                UserKey.of(flipped(signed.key.publicKey().bytes(), bit)).stream().noneMatch(other ->
                        signed.isVerifiedWith(other, underTheIdOf(other, signed.signature()))));
        qt().withExamples(300).forAll(SIGNED, KEYS)
                .assuming((signed, other) -> !other.publicKey().equals(signed.key.publicKey()))
                .check((signed, other) -> !signed.isVerifiedWith(
                        other.publicKey(), underTheIdOf(other.publicKey(), signed.signature())));
    }

    @Test
    void noOtherBytesAreASignature() {
        qt().withExamples(300).forAll(SIGNED, bytes(64, 64)).check((signed, made) -> !signed.isVerifiedWith(
                signed.key.publicKey(),
                new RecordSignature(signed.key.publicKey().id(), signed.signedAt, made).toBytes()));
    }

    @Test
    void aHeaderIsReadAsItWasWritten() {
        qt().forAll(longs().all(), longs().all(), bytes(64, 64)).checkAssert((keyId, signedAt, made) -> {
            RecordSignature signature = new RecordSignature(keyId, signedAt, made);
            assertThat(signature.toBytes()).hasSize(RecordSignature.BYTES);
            assertThat(RecordSignature.parse(signature.toBytes())).hasValueSatisfying(read -> {
                assertThat(read).isEqualTo(signature);
                assertThat(read.keyId()).isEqualTo(keyId);
                assertThat(read.signedAt()).isEqualTo(signedAt);
                assertThat(read.ed25519()).isEqualTo(made);
            });
        });
    }

    @Test
    void anyOtherLengthIsNoHeader() {
        qt().forAll(bytes(0, 200)).assuming(bytes -> bytes.length != RecordSignature.BYTES)
                .check(bytes -> RecordSignature.parse(bytes).isEmpty());
    }

    @Test
    void aKeyIsReadAsItWasWritten() {
        qt().forAll(KEYS).checkAssert(key -> {
            assertThat(UserKey.parse(key.publicKey().toString())).contains(key.publicKey());
            assertThat(UserKey.of(key.publicKey().bytes())).contains(key.publicKey());
        });
    }

    @Test
    void anyTextIsAKeyOrNoneAndAnyKeyHasOneText() {
        Gen<byte[]> points = bytes(32, 32);
        qt().forAll(points).check(bytes ->
                UserKey.of(bytes).stream().allMatch(key -> Arrays.equals(key.bytes(), bytes)));
        qt().forAll(strings().allPossible().ofLengthBetween(0, 60)).check(text -> UserKey.parse(text).isEmpty()
                && UserKey.parse("ed25519:" + text).stream().allMatch(key -> key.toString().equals("ed25519:" + text)));
    }

    private static byte[] underTheIdOf(UserKey key, RecordSignature signature) {
        return new RecordSignature(key.id(), signature.signedAt(), signature.ed25519()).toBytes();
    }

    private static boolean sameInUtf8(String one, String other) {
        return Arrays.equals(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8 % bytes.length] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    private static byte[] concatenated(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static Gen<byte[]> bytes(int minLength, int maxLength) {
        return lists().of(integers().between(0, 255)).ofSizeBetween(minLength, maxLength).map(numbers -> {
            byte[] bytes = new byte[numbers.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = numbers.get(i).byteValue();
            }
            return bytes;
        });
    }
}
