package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionTest {

    private static final Rejection REJECTION =
            new Rejection("EMPTY_TEXT", "There is no text, ¡ninguno!", "chat.raw-3@42");

    @Test
    void isReadFromItsHeadersAsItWasWritten() {
        assertThat(Rejection.fromHeaders(REJECTION.toHeaders())).contains(REJECTION);
    }

    @Test
    void writesTheThreeHeadersOfTheContractInUtf8() {
        assertThat(REJECTION.toHeaders().toArray()).extracting(Header::key, header -> new String(header.value(), UTF_8))
                .containsExactly(
                        tuple("rejection.code", "EMPTY_TEXT"),
                        tuple("rejection.reason", "There is no text, ¡ninguno!"),
                        tuple("rejection.source", "chat.raw-3@42"));
    }

    @Test
    void readsACodeThatItDoesNotKnow() {
        Rejection later = new Rejection("INVENTED_LATER", "A reason.", "chat.raw-0@0");
        assertThat(Rejection.fromHeaders(later.toHeaders())).contains(later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejection.code", "rejection.reason", "rejection.source"})
    void isEmptyWhereAHeaderIsMissingOrHasNoValue(String name) {
        Headers headers = REJECTION.toHeaders().remove(name);
        assertThat(Rejection.fromHeaders(headers)).isEmpty();
        assertThat(Rejection.fromHeaders(headers.add(name, null))).isEmpty();
    }

    @Test
    void isEmptyWhereThereAreNoHeaders() {
        assertThat(Rejection.fromHeaders(new RecordHeaders())).isEmpty();
    }
}
