package org.charla.connect.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "apply", header = "Brings the worker to what files declare, and waits until everything runs.",
        description = {"All files are read and what differs is validated before anything is changed; what is equal is"
            + " left alone. Ends with 0 when all connectors and tasks run.", ""},
        footer = {"", "Examples:",
            "  charla connectors apply --dry-run           3 if something would change",
            "  charla connectors apply my-sink.json",
            "  charla connectors apply --prune --yes       and remove what earlier applies left"})
final class ApplyCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "FILE|DIR", arity = "0..*",
            description = "NAME.json, or folders of such; config/connectors.")
    private List<Path> paths;

    @Option(names = "--dry-run", description = "Validate and show what would change, but change nothing.")
    private boolean dryRun;

    @Option(names = "--prune", description = "Remove connectors that no file declares: those that an apply deployed,"
            + " and on a terminal others after a question each.")
    private boolean prune;

    @Option(names = "--yes", description = "Don't ask before removing what an apply deployed.")
    private boolean yes;

    /** Announced removal of a connector. */
    private record Removal(String connector, String difference, boolean managed) {
    }

    @Override
    int run() {
        if (prune && paths != null && !paths.stream().allMatch(Files::isDirectory)) {
            throw wrongUsage("--prune", "--prune removes what is not declared, so it wants whole folders, not files");
        }
        List<ConnectorFile> files = files(paths);
        Map<String, ConnectRest.Info> present = connect().infos();
        Settling settling = settling(connectors().stable());
        if (!dryRun) {
            settling.begin();
        }
        Deployment deployment = new Deployment(connect(), settling);
        List<Difference> differences = deployment.differences(files, present);
        List<Removal> removals = prune ? removals(files, present) : List.of();

        List<ValidationReport> faults = faults(deployment, files, differences);
        if (dryRun) {
            differences.forEach(difference -> print(difference, difference.toText()));
            removals.forEach(removal -> print(removal, removal.connector() + ": would be removed"
                    + (removal.managed() ? "" : ", after a question: no apply deployed it")));
        }
        if (!faults.isEmpty()) {
            faults.forEach(report -> print(report, report.toText()));
            terminal().note("nothing was changed");
            return ValidateCommand.status(faults);
        }
        if (dryRun) {
            return removals.isEmpty() && differences.stream().allMatch(Difference::isSame)
                    ? ExitStatus.DONE : ExitStatus.DIFFERENT;
        }
        if (!json()) {
            differences.stream().filter(difference -> difference.difference().equals("changed"))
                    .forEach(difference -> difference.toText().forEach(terminal()::line));
        }
        return apply(deployment, files, differences, present, removals.stream().filter(this::isConfirmed).toList());
    }

    private int apply(Deployment deployment, List<ConnectorFile> files, List<Difference> differences,
            Map<String, ConnectRest.Info> present, List<Removal> removals) {
        Deployment.Result result = deployment.apply(files, differences, present);
        List<Deployment.Outcome> outcomes = new ArrayList<>(result.outcomes());
        int status = result.status();
        for (Removal removal : removals) {
            // Nothing is taken away before all that takes its place runs.
            Deployment.Outcome outcome = status == ExitStatus.DONE ? remove(removal.connector())
                    : new Deployment.Outcome(removal.connector(), "none", null, null,
                            "not removed, since not all declared connectors run");
            status = status == ExitStatus.DONE && outcome.error() != null ? ExitStatus.FAILED : status;
            outcomes.add(outcome);
        }
        outcomes.forEach(outcome -> print(outcome, outcome.toText()));
        return status;
    }

    private List<ValidationReport> faults(
            Deployment deployment, List<ConnectorFile> files, List<Difference> differences) {
        Set<String> differing = differences.stream().filter(difference -> !difference.isSame())
                .map(Difference::connector).collect(Collectors.toSet());
        return deployment.validate(files.stream().filter(file -> differing.contains(file.name())).toList()).stream()
                .filter(report -> !report.isValid())
                .toList();
    }

    private static List<Removal> removals(List<ConnectorFile> files, Map<String, ConnectRest.Info> present) {
        Set<String> declared = files.stream().map(ConnectorFile::name).collect(Collectors.toSet());
        return present.values().stream()
                .filter(info -> !declared.contains(info.name()))
                .map(info -> new Removal(info.name(), "undeclared", info.config().containsKey(Difference.MARK)))
                .toList();
    }

    private boolean isConfirmed(Removal removal) {
        String what = "remove the connector " + removal.connector() + ", which no file declares";
        if (removal.managed()) {
            if (!yes && terminal().isInteractive()) {
                return terminal().confirm("charla: " + what + "?");
            }
            confirm(yes, what);
            return true;
        }
        // A --yes in a script was not said of what others run on this cluster.
        if (terminal().isInteractive()) {
            return terminal().confirm("charla: " + what + " and no apply deployed?");
        }
        terminal().note("the connector " + removal.connector() + " stays: no file declares it, but no apply deployed it"
                + " (charla connectors delete " + removal.connector() + ")");
        return false;
    }

    private Deployment.Outcome remove(String connector) {
        try {
            connect().delete(connector);
            return new Deployment.Outcome(connector, "removed", null, null, null);
        } catch (UnreachableException e) {
            return new Deployment.Outcome(connector, e.perhapsDone() ? "unknown" : "none", null, null, e.getMessage());
        } catch (DeployException e) {
            return new Deployment.Outcome(connector, "none", null, null, e.getMessage());
        }
    }
}
