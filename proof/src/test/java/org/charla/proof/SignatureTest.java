package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HexFormat;
import java.util.List;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.Test;

/** The oracle's own reading of signatures, by the vectors that are made for strangers' programs. */
class SignatureTest {

    private final JsonNode vectors;

    SignatureTest() throws Exception {
        vectors = new ObjectMapper().readTree(Checkout.HOME.resolve("docs/signature-vectors.json").toFile());
    }

    @Test
    void holdWhereTheVectorsSaySo() {
        int compared = 0;
        for (JsonNode vector : vectors.path("signatures")) {
            if (vector.path("realm").asText().equals("charla") && vector.path("topic").asText().equals(Oracle.RAW)) {
                Signature signature = Signature.parse(HexFormat.of().parseHex(vector.path("header").asText()));
                assertThat(signature.holds(List.of(vector.path("key").asText()),
                        vector.path("recordKey").asText().getBytes(UTF_8), vector.path("value").asText().getBytes(UTF_8)))
                        .as(vector.path("why").asText()).isEqualTo(vector.path("holds").asBoolean());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    @Test
    void areNoneWhereTheHeaderIsNot() {
        assertThat(vectors.path("invalidHeaders")).isNotEmpty().allSatisfy(vector -> assertThat(
                Signature.parse(HexFormat.of().parseHex(vector.path("header").asText())))
                .as(vector.path("why").asText()).isNull());
    }

    @Test
    void ofTheGeneratorHold() {
        Signature.Key key = new Signature.Key(1);
        byte[] user = "alice".getBytes(UTF_8);
        byte[] value = "{}".getBytes(UTF_8);
        Signature signature = Signature.parse(key.sign(user, value, 1_763_791_200_000L));

        assertThat(Signature.isKey(key.text())).isTrue();
        assertThat(signature.holds(List.of(key.text()), user, value)).isTrue();
        assertThat(signature.holds(List.of(key.text()), "bob".getBytes(UTF_8), value)).isFalse();
        assertThat(signature.isFreshAt(1_763_791_200_000L + 1_800_000)).isTrue();
        assertThat(signature.isFreshAt(1_763_791_200_000L + 1_800_001)).isFalse();
    }
}
