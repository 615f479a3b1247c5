package org.charla.connect.deploy;

import picocli.CommandLine.Command;

@Command(name = "resume", header = "Has paused or stopped connectors go on, and waits until they run.")
final class ResumeCommand extends StateCommand {

    @Override
    void change(String connector) {
        connect().resume(connector);
    }

    @Override
    Condition.Kind goal() {
        return Condition.Kind.RUNNING;
    }
}
