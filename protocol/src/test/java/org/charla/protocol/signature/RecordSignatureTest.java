package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.charla.protocol.signature.RecordSignature.MAX_AGE_MS;

import org.junit.jupiter.api.Test;

class RecordSignatureTest {

    private static final long NOW = 1_763_791_200_140L;
    private static final SigningKey KEY = SigningKey.fromSeed(new byte[32]);

    @Test
    void isFreshForHalfAnHourBothWays() {
        RecordSignature signature = new RecordSignature(0, NOW, new byte[64]);
        assertThat(MAX_AGE_MS).isEqualTo(1_800_000);
        assertThat(signature.isFreshAt(NOW)).isTrue();
        assertThat(signature.isFreshAt(NOW + MAX_AGE_MS)).isTrue();
        assertThat(signature.isFreshAt(NOW - MAX_AGE_MS)).isTrue();
        assertThat(signature.isFreshAt(NOW + MAX_AGE_MS + 1)).isFalse();
        assertThat(signature.isFreshAt(NOW - MAX_AGE_MS - 1)).isFalse();
    }

    @Test
    void isStaleHoweverFarAwayTheTimesAre() {
        for (long signedAt : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + MAX_AGE_MS, -1, Long.MAX_VALUE}) {
            RecordSignature signature = new RecordSignature(0, signedAt, new byte[64]);
            assertThat(signature.isFreshAt(NOW)).isFalse();
            assertThat(signature.isFreshAt(Long.MAX_VALUE - MAX_AGE_MS - 1)).isFalse();
        }
        assertThat(new RecordSignature(0, Long.MIN_VALUE, new byte[64]).isFreshAt(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void isNoneOfANullHeader() {
        assertThat(RecordSignature.parse(null)).isEmpty();
    }

    @Test
    void isOfNoRecordWithoutKeyOrValueOrWithAKeyThatNobodyCanSign() {
        RecordSigner signer = new RecordSigner(KEY, "charla", "chat.raw");
        RecordVerifier verifier = new RecordVerifier("charla", "chat.raw", SignatureVerifier.bouncyCastle());
        byte[] hola = "hola".getBytes(UTF_8);
        RecordSignature signature = signer.sign(new byte[65_535], hola, NOW);
        assertThat(verifier.verify(KEY.publicKey(), signature, new byte[65_535], hola)).isTrue();
        assertThat(verifier.verify(KEY.publicKey(), signature, null, hola)).isFalse();
        assertThat(verifier.verify(KEY.publicKey(), signature, hola, null)).isFalse();
        assertThat(verifier.verify(KEY.publicKey(), signature, new byte[65_536], hola)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> signer.sign(new byte[65_536], hola, NOW));
    }

    @Test
    void changesWithNobodysArray() {
        RecordSignature signature = new RecordSigner(KEY, "charla", "chat.raw").sign(new byte[1], new byte[1], NOW);
        byte[] header = signature.toBytes();
        RecordSignature parsed = RecordSignature.parse(header).orElseThrow();
        header[80] ^= 1;
        assertThat(parsed).isEqualTo(signature).hasSameHashCodeAs(signature);
        assertThat(RecordSignature.parse(header).orElseThrow()).isNotEqualTo(signature);
    }
}
