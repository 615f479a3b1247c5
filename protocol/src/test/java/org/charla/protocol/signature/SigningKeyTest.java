package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

    private static final byte[] SEED = HexFormat.of().parseHex(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    @Test
    void isTheOneOfRfc8032() {
        assertThat(SigningKey.fromSeed(SEED).publicKey().bytes()).isEqualTo(HexFormat.of().parseHex(
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        SigningKey key = SigningKey.generate();
        assertThat(SigningKey.fromPkcs8(key.toPkcs8()).publicKey()).isEqualTo(key.publicKey());
        assertThat(SigningKey.fromPkcs8(key.toPkcs8()).toPkcs8()).isEqualTo(key.toPkcs8());
        assertThat(SigningKey.generate().publicKey()).isNotEqualTo(key.publicKey());
    }

    @Test
    void isReadAndWrittenByJavaAsWell() throws Exception {
        byte[] javas = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
        SigningKey key = SigningKey.fromPkcs8(javas);
        assertThat(key.toPkcs8()).isEqualTo(javas);

        PrivateKey again = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(key.toPkcs8()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(again);
        signature.update("hola".getBytes(UTF_8));
        assertThat(signature.sign()).isEqualTo(key.sign("hola".getBytes(UTF_8)));
    }

    @Test
    void isReadWithItsPublicKeyBesideIt() throws Exception {
        byte[] withPublicKey =
                PrivateKeyInfoFactory.createPrivateKeyInfo(new Ed25519PrivateKeyParameters(SEED)).getEncoded();
        assertThat(withPublicKey).hasSizeGreaterThan(48);
        assertThat(SigningKey.fromPkcs8(withPublicKey).publicKey()).isEqualTo(SigningKey.fromSeed(SEED).publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed448", "X25519", "RSA", "EC"})
    void isOfNoOtherKind(String algorithm) throws Exception {
        byte[] other = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> SigningKey.fromPkcs8(other));
    }

    @Test
    void isNotReadFromAnythingElse() {
        byte[] pkcs8 = SigningKey.fromSeed(SEED).toPkcs8();
        for (int length = 0; length < pkcs8.length; length++) {
            byte[] cut = Arrays.copyOf(pkcs8, length);
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> SigningKey.fromPkcs8(cut));
        }
        byte[] text = "hola".getBytes(UTF_8);
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> SigningKey.fromPkcs8(text));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> SigningKey.fromSeed(new byte[31]));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> SigningKey.fromSeed(new byte[33]));
    }
}
