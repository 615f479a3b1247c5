package org.charla.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys by their text; the vectors say which are none. */
class UserKeyTest {

    private static final int MOST_KNOWN = 20_000;

    @Test
    void isDecodedOnceHoweverOftenItIsSent() {
        String text = SigningKey.generate().publicKey().toString();

        assertThat(UserKey.parse(new String(text.getBytes(UTF_8), UTF_8)).orElseThrow())
                .isSameAs(UserKey.parse(text).orElseThrow());
    }

    @Test
    void isForgottenBehindEnoughOthersAndReadAgain() {
        String text = SigningKey.generate().publicKey().toString();
        UserKey known = UserKey.parse(text).orElseThrow();

        IntStream.range(0, MOST_KNOWN).forEach(i -> assertThat(UserKey.parse(noKey(i))).isEmpty());

        assertThat(UserKey.parse(text).orElseThrow()).isEqualTo(known).isNotSameAs(known);
    }

    @Test
    void isTheSameForManyThreadsAtOnce() {
        List<String> texts = IntStream.range(0, 50)
                .mapToObj(i -> i % 2 == 0 ? noKey(i) : SigningKey.generate().publicKey().toString()).toList();

        assertThat(IntStream.range(0, 50_000).parallel().filter(i -> {
            String text = texts.get(i % texts.size());
            Optional<UserKey> key = UserKey.parse(text);
            return i % 2 == 0 ? key.isPresent() : !key.orElseThrow().toString().equals(text);
        })).isEmpty();
    }

    /** Formed like a key, each another one, with a bit that base64 has to spare. */
    private static String noKey(int i) {
        byte[] bytes = ByteBuffer.allocate(UserKey.BYTES).putInt(i).array();
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return "ed25519:" + text.substring(0, text.length() - 1) + 'B';
    }
}
