package org.charla.connect.deploy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** A command that brings connectors to another condition and waits until they have got there. */
abstract class StateCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Connectors.")
    private List<String> names;

    /**
     * What became of a connector.
     *
     * @param state null where that is not known
     * @param error null if it has become what it was to become
     */
    private record Result(String connector, String state, Integer tasks, String error) {
    }

    /** Asks the worker for it. */
    abstract void change(String connector);

    /** What a connector is to become. */
    abstract Condition.Kind goal();

    /** How long it has to stay so: nobody takes to be paused or stopped what was not asked to be. */
    private Duration stable() {
        return goal() == Condition.Kind.RUNNING ? connectors().stable() : Duration.ZERO;
    }

    /** In which conditions there is nothing left to wait for. */
    Set<Condition.Kind> ends() {
        return Set.of(goal(), Condition.Kind.FAILED);
    }

    @Override
    final int run() {
        requireAll(names);
        Map<String, DeployException> failures = new HashMap<>();
        UnreachableException gone = null;
        for (String name : names) {
            try {
                if (gone != null) {
                    throw new UnreachableException(gone.getMessage(), false);
                }
                change(name);
            } catch (UnreachableException e) {
                gone = e;
                failures.put(name, e);
            } catch (DeployException e) {
                failures.put(name, e);
            }
        }
        List<String> changed = names.stream().filter(name -> !failures.containsKey(name)).toList();
        Map<String, Condition> conditions = Map.of();
        try {
            conditions = settling(stable()).await(changed, Map.of(), ends());
        } catch (DeployException e) {
            changed.forEach(name -> failures.put(name, new DeployException(e.status(),
                    "asked for; whether it has happened is not known: " + e.getMessage())));
        }
        int status = ExitStatus.DONE;
        for (String name : names) {
            status = Math.max(status, failures.containsKey(name) ? tell(name, failures.get(name))
                    : tell(name, conditions.get(name)));
        }
        return status;
    }

    private int tell(String name, DeployException failure) {
        String done = failure instanceof UnreachableException e ? e.perhapsDone() ? "UNKNOWN: " : "NOT DONE: "
                : failure instanceof RefusedException ? "NOT DONE: " : "";
        print(new Result(name, null, null, done + failure.getMessage()), name + ": " + done + failure.getMessage());
        return failure.status();
    }

    private int tell(String name, Condition condition) {
        boolean reached = condition.kind() == goal();
        print(new Result(name, condition.kind().name(), condition.tasks(), reached ? null : condition.detail()),
                name + ": " + condition.toText());
        return reached ? ExitStatus.DONE : ExitStatus.FAILED;
    }
}
