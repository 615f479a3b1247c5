package org.charla.connect.deploy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a connector and its tasks do, taken together.
 *
 * @param detail why it failed, or what it still lacks; empty if there is nothing to say
 */
record Condition(Kind kind, int tasks, String detail) {

    enum Kind {
        RUNNING, PAUSED, STOPPED, FAILED,
        /** Not yet, or no longer, what it is meant to be. */
        CHANGING,
        /** There is no such connector. */
        GONE
    }

    /** What the workers have written down. */
    static Condition of(ConnectRest.Info info, ConnectRest.State state) {
        return of(info, state, Set.of());
    }

    /**
     * @param info  null if there is no such connector
     * @param state null if no worker has written one down
     * @param gone  workers that are known to be no more
     */
    static Condition of(ConnectRest.Info info, ConnectRest.State state, Set<String> gone) {
        if (info == null) {
            return new Condition(Kind.GONE, 0, "there is no such connector");
        }
        if (state == null) {
            return new Condition(Kind.CHANGING, 0, "no worker has started it yet");
        }
        String connector = state.connector().state();
        List<ConnectRest.Instance> tasks = state.tasks();
        if (connector.equals("FAILED")) {
            return new Condition(Kind.FAILED, tasks.size(), RootCause.of(state.connector().trace()));
        }
        for (ConnectRest.Instance task : tasks) {
            if (task.state().equals("FAILED")) {
                return new Condition(Kind.FAILED, tasks.size(),
                        "task " + task.id() + ": " + RootCause.of(task.trace()));
            }
        }
        if (connector.equals("STOPPED")) {
            return new Condition(tasks.isEmpty() ? Kind.STOPPED : Kind.CHANGING, tasks.size(),
                    tasks.isEmpty() ? "" : "its tasks have not ended yet");
        }
        for (ConnectRest.Instance task : tasks) {
            if (!task.state().equals(connector)) {
                return new Condition(Kind.CHANGING, tasks.size(),
                        "the connector is " + connector + ", its task " + task.id() + " " + task.state());
            }
        }
        return switch (connector) {
            case "PAUSED" -> new Condition(Kind.PAUSED, tasks.size(), "");
            case "RUNNING" -> running(info, state, gone);
            default -> new Condition(Kind.CHANGING, tasks.size(), "the connector is " + connector);
        };
    }

    private static Condition running(ConnectRest.Info info, ConnectRest.State state, Set<String> gone) {
        List<ConnectRest.Instance> tasks = state.tasks();
        Set<Integer> wanted = info.tasks().stream().map(ConnectRest.TaskId::task).collect(Collectors.toSet());
        Set<Integer> present = tasks.stream().map(ConnectRest.Instance::id).collect(Collectors.toSet());
        if (tasks.isEmpty()) {
            return new Condition(Kind.CHANGING, 0, "it has no tasks");
        }
        for (ConnectRest.Instance instance : tasks) {
            if (gone.contains(instance.worker())) {
                return new Condition(Kind.CHANGING, tasks.size(),
                        "its task " + instance.id() + " ran on " + instance.worker() + ", which has gone");
            }
        }
        if (gone.contains(state.connector().worker())) {
            return new Condition(Kind.CHANGING, tasks.size(),
                    "it ran on " + state.connector().worker() + ", which has gone");
        }
        return wanted.equals(present) ? new Condition(Kind.RUNNING, tasks.size(), "")
                : new Condition(Kind.CHANGING, tasks.size(), "it has " + tasks.size() + " tasks of " + wanted.size());
    }

    /** Whether it does what it is meant to do, be it nothing. */
    boolean isHealthy() {
        return kind == Kind.RUNNING || kind == Kind.PAUSED || kind == Kind.STOPPED;
    }

    String toText() {
        String text = switch (kind) {
            case RUNNING -> "running, " + tasks + (tasks == 1 ? " task" : " tasks");
            case PAUSED -> "paused";
            case STOPPED -> "stopped";
            case FAILED -> "FAILED";
            case CHANGING -> "not running";
            case GONE -> "gone";
        };
        return detail.isEmpty() ? text : text + ": " + detail;
    }
}
