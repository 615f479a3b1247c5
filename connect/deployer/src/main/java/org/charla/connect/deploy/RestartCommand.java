package org.charla.connect.deploy;

import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "restart", header = "Restarts connectors with their tasks, and waits until they run.")
final class RestartCommand extends StateCommand {

    @Option(names = "--failed", description = "Restart only what has failed, connector or task.")
    private boolean failed;

    @Override
    void change(String connector) {
        connect().restart(connector, failed);
    }

    @Override
    Condition.Kind goal() {
        return Condition.Kind.RUNNING;
    }

    /** What was paused or stopped stays so. */
    @Override
    Set<Condition.Kind> ends() {
        return Set.of(Condition.Kind.RUNNING, Condition.Kind.FAILED, Condition.Kind.PAUSED, Condition.Kind.STOPPED);
    }
}
