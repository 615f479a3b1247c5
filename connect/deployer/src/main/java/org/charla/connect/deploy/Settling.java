package org.charla.connect.deploy;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Waits until connectors have come to rest. What workers write down of a connector lags behind: for a moment after a
 * change it tells of the time before. So a condition counts when it has stayed for a while, and running when the
 * workers are still there.
 */
final class Settling {

    private static final Duration POLL = Duration.ofMillis(250);

    private final ConnectRest connect;
    private final Duration stable;
    private final Duration limit;
    private final Workers workers = new Workers();

    private record Seen(Condition condition, long since) {
    }

    /**
     * @param stable how long a condition has to stay
     * @param limit  how long to wait for it
     */
    Settling(ConnectRest connect, Duration stable, Duration limit) {
        this.connect = connect;
        this.stable = stable;
        this.limit = limit;
    }

    /** Learns which workers there are, so that it is noticed if one dies from now on. */
    void begin() {
        workers.gone(connect.states().values());
    }

    /**
     * Waits for each connector to stay in one of the conditions.
     *
     * @return the last condition of each; another one if the time was up
     */
    Map<String, Condition> await(Collection<String> connectors, Set<Condition.Kind> ends) {
        Map<String, Seen> seen = new HashMap<>();
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Map<String, ConnectRest.Info> infos = connect.infos();
            Map<String, ConnectRest.State> states = connect.states();
            Set<String> gone = workers.gone(states.values());
            long now = System.nanoTime();
            boolean settled = true;
            for (String connector : connectors) {
                Condition condition = Condition.of(infos.get(connector), states.get(connector), gone);
                Seen before = seen.get(connector);
                long since = before != null && before.condition().kind() == condition.kind() ? before.since() : now;
                seen.put(connector, new Seen(condition, since));
                settled &= ends.contains(condition.kind()) && now - since >= stable.toNanos();
            }
            if (settled || now >= deadline) {
                Map<String, Condition> conditions = new LinkedHashMap<>();
                connectors.forEach(connector -> conditions.put(connector, seen.get(connector).condition()));
                return conditions;
            }
            ConnectRest.pause(POLL);
        }
    }
}
