package org.charla.connect.deploy;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "validate", header = "Has the worker check connectors, without deploying them.",
        description = {"Names every setting that is wrong. Ends with 1 if one is, with 4 if nothing is wrong but that"
            + " MongoDB does not answer.", ""})
final class ValidateCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "FILE|DIR", arity = "0..*",
            description = "NAME.json, or folders of such; config/connectors.")
    private List<Path> paths;

    @Override
    int run() {
        List<ValidationReport> reports =
                new Deployment(connect(), settling(connectors().stable())).validate(files(paths));
        reports.forEach(report -> print(report, report.toText()));
        return status(reports);
    }

    /** A wrong setting goes before a MongoDB that does not answer. */
    static int status(List<ValidationReport> reports) {
        int status = ExitStatus.DONE;
        for (ValidationReport report : reports) {
            status = report.status() == ExitStatus.DONE || status == ExitStatus.FAILED ? status : report.status();
        }
        return status;
    }
}
