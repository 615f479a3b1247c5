package org.charla.connect.deploy;

import picocli.CommandLine.Command;

@Command(name = "stop", header = "Stops connectors: their tasks end, and what they read from can be changed.")
final class StopCommand extends StateCommand {

    @Override
    void change(String connector) {
        connect().stop(connector);
    }

    @Override
    Condition.Kind goal() {
        return Condition.Kind.STOPPED;
    }
}
