package org.charla.connect.deploy;

import picocli.CommandLine.Command;

@Command(name = "pause", header = "Has connectors wait, with their tasks kept.")
final class PauseCommand extends StateCommand {

    @Override
    void change(String connector) {
        connect().pause(connector);
    }

    @Override
    Condition.Kind goal() {
        return Condition.Kind.PAUSED;
    }
}
