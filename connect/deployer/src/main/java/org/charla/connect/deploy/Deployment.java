package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Brings a worker's connectors to what files declare. */
final class Deployment {

    private final ConnectRest connect;
    private final Settling settling;

    /** Plugins are asked once each for the passwords among their settings. */
    private final Map<String, Set<String>> passwords = new HashMap<>();

    /**
     * What became of a connector.
     *
     * @param action  what was done: created, updated, unchanged, removed, none; or unknown, if the worker has died
     *                over it
     * @param running whether it and all its tasks run; null where that is not known or does not matter
     * @param error   what is wrong, or null
     */
    record Outcome(String connector, String action, Boolean running, Integer tasks, String error) {

        String toText() {
            String done = action.equals("none") ? "NOT DONE" : action.equals("unknown") ? "UNKNOWN" : action;
            String state = running == null ? "" : running
                    ? ", running, " + tasks + (tasks == 1 ? " task" : " tasks") : ", NOT RUNNING";
            return connector + ": " + done + state + (error == null ? "" : ": " + error);
        }
    }

    /** @param status what a command that did this ends with */
    record Result(List<Outcome> outcomes, int status) {
    }

    Deployment(ConnectRest connect, Settling settling) {
        this.connect = connect;
        this.settling = settling;
    }

    /** What applying each file would change. */
    List<Difference> differences(List<ConnectorFile> files, Map<String, ConnectRest.Info> present) {
        return files.stream().map(file -> Difference.between(
                present.containsKey(file.name()) ? present.get(file.name()).config() : null, file, secrets(file)))
                .toList();
    }

    /** What the worker thinks of each file. A connector whose MongoDB is down takes 10 s to say so. */
    List<ValidationReport> validate(List<ConnectorFile> files) {
        return files.parallelStream().map(this::validate).toList();
    }

    private ValidationReport validate(ConnectorFile file) {
        ConnectRest.Validation validation;
        try {
            validation = connect.validate(file.name(), file.config());
        } catch (RefusedException e) {
            if (e.isPassing()) {
                throw e;
            }
            return new ValidationReport(file.name(), "invalid",
                    List.of(new ValidationReport.Problem("connector.class", e.getMessage())));
        }
        Set<String> secret = validation.configs().stream()
                .filter(ConnectRest.Setting::isPassword)
                .map(setting -> setting.definition().name())
                .collect(Collectors.toSet());
        return ValidationReport.of(file, validation, new Secrets(secret));
    }

    private Secrets secrets(ConnectorFile file) {
        return new Secrets(passwords.computeIfAbsent(file.config().get("connector.class"), plugin -> {
            try {
                return connect.definitions(plugin).stream()
                        .filter(ConnectRest.Definition::isPassword)
                        .map(ConnectRest.Definition::name)
                        .collect(Collectors.toSet());
            } catch (RefusedException e) {
                if (e.isPassing()) {
                    throw e;
                }
                // The worker doesn't have it; the validation will say so.
                return Set.of();
            }
        }));
    }

    /**
     * Configures connectors and waits until they run.
     *
     * @param files       all that are declared
     * @param differences of the same files
     * @param present     what the worker had when they were made
     * @return what became of each, whatever happened on the way
     */
    Result apply(
            List<ConnectorFile> files, List<Difference> differences, Map<String, ConnectRest.Info> present) {
        Map<String, String> done = new LinkedHashMap<>();
        Map<String, Settling.Change> changes = new HashMap<>();
        Map<String, DeployException> failures = new HashMap<>();
        UnreachableException gone = null;
        for (int i = 0; i < files.size(); i++) {
            ConnectorFile file = files.get(i);
            Difference difference = differences.get(i);
            if (difference.isSame()) {
                done.put(file.name(), "unchanged");
            } else if (gone != null) {
                failures.put(file.name(), gone);
                done.put(file.name(), "none");
            } else {
                try {
                    put(file);
                    ConnectRest.Info before = present.get(file.name());
                    if (before != null) {
                        changes.put(file.name(), new Settling.Change(before.config(), marked(file)));
                    }
                    done.put(file.name(), before == null ? "created" : "updated");
                } catch (UnreachableException e) {
                    gone = e;
                    failures.put(file.name(), e);
                    done.put(file.name(), e.perhapsDone() ? "unknown" : "none");
                } catch (DeployException e) {
                    failures.put(file.name(), e);
                    done.put(file.name(), "none");
                }
            }
        }
        return outcomes(files, done, changes, failures);
    }

    private void put(ConnectorFile file) {
        try {
            connect.put(file.name(), marked(file));
        } catch (RefusedException e) {
            // A worker that was too slow to answer may have done it all the same.
            if (!e.isPassing() || e.httpStatus() == 409 || !marked(file).equals(configured(file.name()))) {
                throw e;
            }
        }
    }

    private Map<String, String> configured(String connector) {
        return connect.config(connector).orElse(Map.of());
    }

    /** As the worker keeps it, and tells it. */
    private static Map<String, String> marked(ConnectorFile file) {
        Map<String, String> config = new TreeMap<>(file.config());
        config.put("name", file.name());
        config.put(Difference.MARK, "true");
        return config;
    }

    private Result outcomes(List<ConnectorFile> files, Map<String, String> done,
            Map<String, Settling.Change> changes, Map<String, DeployException> failures) {
        List<String> configured = done.keySet().stream().filter(name -> !failures.containsKey(name)).toList();
        Map<String, Condition> conditions = Map.of();
        Map<String, ConnectRest.Info> present = Map.of();
        DeployException blind = null;
        try {
            conditions = settling.await(configured, changes, Set.of(Condition.Kind.RUNNING, Condition.Kind.FAILED,
                    Condition.Kind.PAUSED, Condition.Kind.STOPPED));
            present = connect.infos();
        } catch (DeployException e) {
            blind = e;
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (ConnectorFile file : files) {
            String name = file.name();
            String action = done.get(name);
            if (failures.containsKey(name)) {
                outcomes.add(new Outcome(name, action, null, null, failures.get(name).getMessage()));
            } else if (blind != null) {
                outcomes.add(new Outcome(name, action, null, null,
                        "whether it runs is not known: " + blind.getMessage()));
            } else {
                outcomes.add(outcome(file, action, conditions.get(name), present.get(name)));
            }
        }
        boolean unreachable = blind instanceof UnreachableException
                || failures.values().stream().anyMatch(UnreachableException.class::isInstance);
        boolean good = outcomes.stream().allMatch(outcome -> outcome.error() == null);
        return new Result(outcomes, unreachable ? ExitStatus.UNREACHABLE : good ? ExitStatus.DONE : ExitStatus.FAILED);
    }

    private static Outcome outcome(ConnectorFile file, String action, Condition condition, ConnectRest.Info present) {
        String error = switch (condition.kind()) {
            case RUNNING -> null;
            case PAUSED, STOPPED -> condition.toText() + " (charla connectors resume " + file.name() + ")";
            default -> condition.detail();
        };
        if (present != null
                && !Difference.between(present.config(), file, new Secrets(Set.of())).isSame()) {
            error = "somebody else has changed it meanwhile" + (error == null ? "" : "; " + error);
        }
        return new Outcome(file.name(), action, condition.kind() == Condition.Kind.RUNNING, condition.tasks(), error);
    }
}
