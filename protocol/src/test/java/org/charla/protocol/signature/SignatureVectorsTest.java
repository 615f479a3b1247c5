package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs of other languages are to come to, which another one made. */
class SignatureVectorsTest {

    private static final Path HOME = Path.of(System.getProperty("charla.home"));
    private static final Path FILE = HOME.resolve("docs/signature-vectors.json");
    private static final JsonNode VECTORS = read();

    @Test
    void keysAreMadeOfTheirSeeds() {
        for (JsonNode vector : VECTORS.get("keys")) {
            UserKey key = signingKey(vector).publicKey();
            assertThat(key).hasToString(text(vector, "key"));
            assertThat(UserKey.parse(text(vector, "key"))).contains(key);
            assertThat(HexFormat.of().toHexDigits(key.id())).isEqualTo(text(vector, "id"));
            assertThat(key.fingerprint()).isEqualTo(text(vector, "fingerprint"));
        }
    }

    @Test
    void invalidKeysAreNone() {
        for (JsonNode vector : VECTORS.get("invalidKeys")) {
            assertThat(UserKey.parse(text(vector, "key"))).as(text(vector, "why")).isEmpty();
        }
    }

    @Test
    void invalidHeadersAreNone() {
        for (JsonNode vector : VECTORS.get("invalidHeaders")) {
            assertThat(RecordSignature.parse(bytes(vector, "header"))).as(text(vector, "why")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SignatureVerifier.BOUNCY_CASTLE, "SunEC"})
    void signaturesHoldOrNot(String verifier) {
        for (JsonNode vector : VECTORS.get("signatures")) {
            boolean holds = new RecordVerifier(
                    text(vector, "realm"), text(vector, "topic"), SignatureVerifier.named(verifier))
                    .verify(UserKey.parse(text(vector, "key")).orElseThrow(),
                            RecordSignature.parse(bytes(vector, "header")).orElseThrow(),
                            text(vector, "recordKey").getBytes(UTF_8), text(vector, "value").getBytes(UTF_8));
            assertThat(holds).as(text(vector, "why")).isEqualTo(vector.get("holds").booleanValue());
        }
    }

    @Test
    void signaturesThatHoldAreMadeAgain() {
        Map<String, SigningKey> signingKeys = StreamSupport.stream(VECTORS.get("keys").spliterator(), false)
                .map(SignatureVectorsTest::signingKey)
                .collect(Collectors.toMap(key -> key.publicKey().toString(), Function.identity()));
        for (JsonNode vector : VECTORS.get("signatures")) {
            if (vector.get("holds").booleanValue()) {
                RecordSignature signature = RecordSignature.parse(bytes(vector, "header")).orElseThrow();
                RecordSigner signer = new RecordSigner(
                        signingKeys.get(text(vector, "key")), text(vector, "realm"), text(vector, "topic"));
                assertThat(signer.sign(text(vector, "recordKey").getBytes(UTF_8),
                        text(vector, "value").getBytes(UTF_8), signature.signedAt()))
                        .as(text(vector, "why")).isEqualTo(signature);
            }
        }
    }

    @Test
    void pythonComesToTheSame() throws Exception {
        Process absent = new ProcessBuilder("sh", "-c", "python3 -c 'import cryptography'").start();
        if (absent.waitFor() != 0 && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("no cryptography: pip install cryptography");
        }
        assumeTrue(absent.exitValue() == 0, "no cryptography");
        Process python = new ProcessBuilder("python3",
                HOME.resolve("protocol/src/test/python/check_signature_vectors.py").toString(), FILE.toString())
                .redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        assertThat(said).isEqualToIgnoringNewLines(VECTORS.get("keys").size() + " keys, "
                + VECTORS.get("invalidKeys").size() + " invalid keys, " + VECTORS.get("signatures").size()
                + " signatures, " + VECTORS.get("invalidHeaders").size() + " invalid headers");
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SigningKey signingKey(JsonNode vector) {
        return SigningKey.fromSeed(bytes(vector, "seed"));
    }

    private static String text(JsonNode vector, String field) {
        return vector.get(field).textValue();
    }

    private static byte[] bytes(JsonNode vector, String field) {
        return HexFormat.of().parseHex(text(vector, field));
    }
}
