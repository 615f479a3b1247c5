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
            } catch (UnreachableException e) {
                throw new DeployException(e.status(), "whether the connector " + name + " was removed is not known: "
                        + e.getMessage());
            }
            print(new Deployment.Outcome(name, "removed", null, null, null), name + ": removed");
        }
        return Status.DONE;
    }
}
