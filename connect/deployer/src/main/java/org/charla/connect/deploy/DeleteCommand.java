package org.charla.connect.deploy;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", header = "Removes connectors from the worker; what they wrote and their offsets stay.")
final class DeleteCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Connectors.")
    private List<String> names;

    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    @Override
    int run() {
        requireAll(names);
        confirm(yes, "remove the connector" + (names.size() == 1 ? " " : "s ") + String.join(", ", names));
        for (String name : names) {
            try {
                connect().delete(name);
            } catch (DeployException e) {
                boolean perhaps = e instanceof UnreachableException unreachable && unreachable.perhapsDone();
                throw new DeployException(e.status(), (perhaps ? "whether the connector " + name
                        + " was removed is not known: " : "the connector " + name + " was not removed: ")
                        + e.getMessage());
            }
            print(new Deployment.Outcome(name, "removed", null, null, null), name + ": removed");
        }
        return ExitStatus.DONE;
    }
}
