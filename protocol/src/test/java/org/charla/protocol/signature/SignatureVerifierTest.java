package org.charla.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {

    private static final SigningKey KEY = SigningKey.fromSeed(new byte[32]);

    @ParameterizedTest
    @ValueSource(strings = {SignatureVerifier.BOUNCY_CASTLE, "SunEC"})
    void givesAnAnswerForAnyLength(String name) {
        SignatureVerifier verifier = SignatureVerifier.named(name);
        byte[] signed = {1, 2, 3};
        assertThat(verifier.verify(KEY.publicKey(), signed, KEY.sign(signed))).isTrue();
        for (int length = 0; length <= 130; length++) {
            assertThat(verifier.verify(KEY.publicKey(), signed, new byte[length])).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Nobody", "SUN", "bouncycastle"})
    void saysWhichThereAreWhereThereIsNoneOfThatName(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> SignatureVerifier.named(name))
                .withMessageContaining("BouncyCastle").withMessageContaining("SunEC").withMessageEndingWith(".");
    }
}
