package org.charla.connect.deploy;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
     * A change of a connector's configuration. Until its tasks have been given theirs, all that is told of them is of
     * the time before.
     *
     * @param before what the worker had
     * @param after  what it was given instead
     */
    record Change(Map<String, String> before, Map<String, String> after) {

        /** Whether a task is told to have a setting as it was before; some connectors give tasks settings of others. */
        private boolean isPending(List<ConnectRest.Task> tasks) {
            return before.entrySet().stream()
                    .filter(setting -> !setting.getValue().equals(after.get(setting.getKey())))
                    .anyMatch(setting -> tasks.stream()
                            .anyMatch(task -> setting.getValue().equals(task.config().get(setting.getKey()))));
        }
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
     * @param changes what has been changed just now, by connector
     * @return the last condition of each; another one if the time was up
     */
    Map<String, Condition> await(
            Collection<String> connectors, Map<String, Change> changes, Set<Condition.Kind> ends) {
        Map<String, Change> pending = new HashMap<>(changes);
        Map<String, Seen> seen = new HashMap<>();
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            // First: what is asked for behind it is of the time after.
            pending.entrySet().removeIf(change -> !isPending(change.getKey(), change.getValue()));
            Map<String, ConnectRest.Info> infos = connect.infos();
            Map<String, ConnectRest.State> states = connect.states();
            Set<String> gone = workers.gone(states.values());
            long now = System.nanoTime();
            boolean settled = true;
            for (String connector : connectors) {
                Condition condition = Condition.of(infos.get(connector), states.get(connector), gone);
                if (condition.kind() == Condition.Kind.RUNNING && pending.containsKey(connector)) {
                    condition = new Condition(Condition.Kind.CHANGING, condition.tasks(),
                            "its tasks have the settings of before");
                }
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

    private boolean isPending(String connector, Change change) {
        try {
            return change.isPending(connect.tasks(connector));
        } catch (RefusedException e) {
            // While tasks are shared out nothing is told of them; otherwise somebody has removed the connector.
            return e.isPassing();
        }
    }
}
