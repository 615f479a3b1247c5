package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers of a record in {@link Topics#REJECTED}.
 *
 * @param code a {@link RejectionCode} by name; a reader may meet one that it does not know yet
 * @param reason one sentence for a person
 * @param source {@code topic-partition@offset} of the raw record
 */
public record Rejection(String code, String reason, String source) {

    private static final String CODE = "rejection.code";
    private static final String REASON = "rejection.reason";
    private static final String SOURCE = "rejection.source";

    /** These three as the only headers: what the sender had put there is not carried over. */
    public Headers toHeaders() {
        return new RecordHeaders()
                .add(CODE, code.getBytes(UTF_8))
                .add(REASON, reason.getBytes(UTF_8))
                .add(SOURCE, source.getBytes(UTF_8));
    }

    /** Reads the headers; empty where one of them is missing. */
    public static Optional<Rejection> fromHeaders(Headers headers) {
        Header code = headers.lastHeader(CODE);
        Header reason = headers.lastHeader(REASON);
        Header source = headers.lastHeader(SOURCE);
        if (code == null || reason == null || source == null) {
            return Optional.empty();
        }
        return Optional.of(new Rejection(text(code), text(reason), text(source)));
    }

    private static String text(Header header) {
        return new String(header.value(), UTF_8);
    }
}
