package org.charla.connect.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** A command that brings connectors to another condition and waits until they have got there. */
abstract class StateCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Connectors.")
    private List<String> names;

    private record Result(String connector, String state, int tasks, String error) {
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
        names.forEach(this::change);
        Map<String, Condition> conditions = settling(stable()).await(names, ends());
        boolean done = true;
        for (Map.Entry<String, Condition> entry : conditions.entrySet()) {
            Condition condition = entry.getValue();
            boolean reached = condition.kind() == goal();
            done &= reached;
            print(new Result(entry.getKey(), condition.kind().name(), condition.tasks(),
                            reached ? null : condition.detail()),
                    entry.getKey() + ": " + condition.toText());
        }
        return done ? Status.DONE : Status.FAILED;
    }
}
