package org.charla.connect.deploy;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Restarts what has failed, later each time, and not for ever. A connector that has run for as long as the longest wait
 * starts afresh.
 */
final class Watch {

    private final ConnectRest connect;
    private final Rules rules;
    private final Consumer<Event> log;
    private final Map<String, Trouble> troubles = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    /**
     * When to restart.
     *
     * @param interval between two looks
     * @param backoff  before the first restart, doubled before each further one
     * @param longest  that a wait grows to
     * @param restarts at most, in a row
     */
    record Rules(Duration interval, Duration backoff, Duration longest, int restarts) {
    }

    /**
     * What was seen or done.
     *
     * @param event  failed, restarted, not-restarted, recovered, given-up, gone, unreachable, reachable
     * @param detail for a person; empty if there is nothing to add
     */
    record Event(String connector, String event, String detail) {

        String toText() {
            return (connector == null ? "worker" : connector) + ": " + event + (detail.isEmpty() ? "" : ": " + detail);
        }
    }

    /** A connector's bad time, as long as it is the same connector: made again or configured anew, it starts afresh. */
    private static final class Trouble {
        private final Map<String, String> config;
        private int restarts;
        private long nextRestart;
        private boolean givenUp;
        /** Since when it runs again; 0 while it doesn't. */
        private long recovered;

        private Trouble(Map<String, String> config) {
            this.config = config;
        }
    }

    Watch(ConnectRest connect, Rules rules, Consumer<Event> log) {
        this.connect = connect;
        this.rules = rules;
        this.log = log;
    }

    /**
     * Watches until it is told to end.
     *
     * @param connectors to be watched; all, if there are none
     * @param goesOn     asked after each look
     * @return the status to end with: whether all are healthy, as seen last
     */
    int run(Collection<String> connectors, Predicate<Integer> goesOn) {
        Integer status = null;
        do {
            if (status != null) {
                ConnectRest.pause(rules.interval());
            }
            status = look(connectors, status);
        } while (goesOn.test(status));
        return status;
    }

    private int look(Collection<String> connectors, Integer before) {
        Map<String, ConnectRest.Info> infos;
        Map<String, ConnectRest.State> states;
        try {
            infos = connect.infos();
            states = connect.states();
        } catch (DeployException e) {
            if (before == null || before != ExitStatus.UNREACHABLE) {
                log.accept(new Event(null, "unreachable", e.getMessage()));
            }
            return ExitStatus.UNREACHABLE;
        }
        if (before != null && before == ExitStatus.UNREACHABLE) {
            log.accept(new Event(null, "reachable", ""));
        }
        boolean healthy = true;
        // Of all, those that are no more are none of them; what they left must not be held against their successors.
        troubles.keySet().retainAll(infos.keySet());
        for (String connector : connectors.isEmpty() ? infos.keySet() : connectors) {
            Condition condition = Condition.of(infos.get(connector), states.get(connector));
            healthy &= condition.isHealthy();
            if (condition.kind() != Condition.Kind.GONE) {
                look(connector, infos.get(connector).config(), condition);
            } else if (gone.add(connector)) {
                log.accept(new Event(connector, "gone", condition.detail()));
            }
        }
        return healthy ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private void look(String connector, Map<String, String> config, Condition condition) {
        long now = System.nanoTime();
        Trouble trouble = troubles.get(connector);
        if (condition.kind() == Condition.Kind.FAILED) {
            gone.remove(connector);
            boolean first = trouble == null || !trouble.config.equals(config);
            if (first) {
                trouble = new Trouble(config);
                troubles.put(connector, trouble);
            }
            if (first || trouble.recovered != 0) {
                trouble.recovered = 0;
                trouble.nextRestart = now + delay(trouble.restarts).toNanos();
                log.accept(new Event(connector, "failed", condition.detail()));
            }
            restart(connector, trouble, now);
        } else if (condition.isHealthy()) {
            if (gone.remove(connector)) {
                log.accept(new Event(connector, "recovered", condition.toText()));
            } else if (trouble != null && trouble.recovered == 0) {
                trouble.recovered = now;
                trouble.givenUp = false;
                log.accept(new Event(connector, "recovered", condition.toText()));
            } else if (trouble != null && now - trouble.recovered > rules.longest().toNanos()) {
                troubles.remove(connector);
            }
        }
    }

    private void restart(String connector, Trouble trouble, long now) {
        if (trouble.givenUp || now - trouble.nextRestart < 0) {
            return;
        }
        if (trouble.restarts >= rules.restarts()) {
            trouble.givenUp = true;
            log.accept(new Event(connector, "given-up", "after " + trouble.restarts + " restarts; once it is mended:"
                    + " charla connectors restart --failed " + connector));
            return;
        }
        try {
            connect.restart(connector, true);
        } catch (DeployException e) {
            log.accept(new Event(connector, "not-restarted", e.getMessage()));
            return;
        }
        trouble.restarts++;
        trouble.nextRestart = now + delay(trouble.restarts).toNanos();
        log.accept(new Event(connector, "restarted", "number " + trouble.restarts + " of " + rules.restarts()
                + ", the next one not before " + delay(trouble.restarts).toSeconds() + " s"));
    }

    private Duration delay(int restarts) {
        Duration delay = rules.backoff();
        for (int i = 0; i < restarts && delay.compareTo(rules.longest()) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(rules.longest()) < 0 ? delay : rules.longest();
    }
}
