package org.charla.connect.deploy;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "diff", header = "Shows what applying files would change, with secrets masked.",
        description = {"Ends with 0 if nothing would change, with 3 if something would.", ""})
final class DiffCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "FILE|DIR", arity = "0..*",
            description = "NAME.json, or folders of such; config/connectors.")
    private List<Path> paths;

    @Override
    int run() {
        List<ConnectorFile> files = files(paths);
        List<Difference> differences = new Deployment(connect(), settling(connectors().stable()))
                .differences(files, connect().infos());
        differences.forEach(difference -> print(difference, difference.toText()));
        return differences.stream().allMatch(Difference::isSame) ? ExitStatus.DONE : ExitStatus.DIFFERENT;
    }
}
