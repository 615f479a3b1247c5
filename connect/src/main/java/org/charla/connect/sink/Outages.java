package org.charla.connect.sink;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that MongoDB is away and once that it is back, whichever of a connector's tasks in this worker meet it.
 * Static, since the tasks of a connector share nothing in a worker but their classes.
 */
final class Outages {

    private static final Logger log = LoggerFactory.getLogger(Outages.class);
    private static final Map<String, Instant> since = new ConcurrentHashMap<>();

    private Outages() {
    }

    /** A task of the connector finds MongoDB away, for the first time or still. */
    static void away(String connector, String reason) {
        if (since.putIfAbsent(connector, Instant.now()) == null) {
            log.warn("MongoDB is away; the records of {} wait and nothing is lost: {}", connector, reason);
        }
    }

    /** A task that found it away has written again. */
    static void back(String connector) {
        Instant start = since.remove(connector);
        if (start != null) {
            log.info("MongoDB is back after {} s; {} goes on", Duration.between(start, Instant.now()).toSeconds(),
                    connector);
        }
    }

    /** A task that found it away has ended before it wrote again; where there are others, the next one says it anew. */
    static void forget(String connector) {
        since.remove(connector);
    }
}
