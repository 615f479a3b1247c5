package org.charla.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers of a record in {@link Topics#REJECTED}, and in {@link Topics#REFUSALS}, which anybody may read: nothing here
 * was written by the sender.
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
        String code = text(headers, CODE);
        String reason = text(headers, REASON);
        String source = text(headers, SOURCE);
        return code == null || reason == null || source == null
                ? Optional.empty() : Optional.of(new Rejection(code, reason, source));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
