package org.charla.embedded;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kafka.network.RequestChannel;
import kafka.server.ApiRequestHandler;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.network.Request;
import org.apache.kafka.server.common.RequestLocal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests that are not to be carried out, and hands all others to Kafka's own handler. */
final class RefusingHandler implements ApiRequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RefusingHandler.class);
    private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ApiRequestHandler kafka;
    private final RequestChannel requests;
    private final List<Function<Request, ApiException>> judges;

    private long toldAt = System.nanoTime() - TELL_AGAIN_NANOS;

    /** @param judges say why a request is refused, and null if it is not */
    RefusingHandler(ApiRequestHandler kafka, RequestChannel requests, List<Function<Request, ApiException>> judges) {
        this.kafka = kafka;
        this.requests = requests;
        this.judges = judges;
    }

    @Override
    public void handle(Request request, RequestLocal local) {
        for (Function<Request, ApiException> judge : judges) {
            ApiException refusal = judge.apply(request);
            if (refusal != null) {
                tell(request, refusal);
                refuse(request, refusal);
                return;
            }
        }
        kafka.handle(request, local);
    }

    @Override
    public void tryCompleteActions() {
        kafka.tryCompleteActions();
    }

    private void refuse(Request request, ApiException refusal) {
        AbstractResponse answer = request.body().getErrorResponse(0, refusal);
        if (answer == null) {
            // Who doesn't want to hear of it.
            requests.closeConnection(request, Map.of());
        } else {
            requests.sendResponse(request, answer);
        }
    }

    /** Not each: whoever is refused may ask again and again. */
    private void tell(Request request, ApiException refusal) {
        synchronized (this) {
            long now = System.nanoTime();
            if (now - toldAt < TELL_AGAIN_NANOS) {
                return;
            }
            toldAt = now;
        }
        log.warn("Refused {} of client {}: {}", request.header().apiKey(), request.header().clientId(),
                refusal.getMessage());
    }
}
