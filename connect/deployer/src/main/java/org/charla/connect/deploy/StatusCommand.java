package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status",
        header = "Shows what connectors and their tasks do, why they fail, and how far behind they are.",
        description = {"Ends with 1 if a connector that is neither paused nor stopped does not run wholly.", ""})
final class StatusCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Connectors; all, without one.")
    private List<String> names;

    @Option(names = "--trace", description = "Show the whole stack trace of what has failed.")
    private boolean trace;

    private record ConnectorStatus(String connector, String type, String state, String worker, Long lag, String cause,
            String trace, List<TaskStatus> tasks) {
    }

    private record TaskStatus(int task, String state, String worker, String cause, String trace) {
    }

    @Override
    int run() {
        Map<String, ConnectRest.Info> infos = requireAll(names == null ? List.of() : names);
        if (names != null) {
            infos.keySet().retainAll(names);
        }
        Map<String, ConnectRest.State> states = connect().states();
        Map<String, Long> lags = lags(infos.values().stream().filter(info -> "sink".equals(info.type())).toList());
        boolean healthy = true;
        for (ConnectRest.Info info : infos.values()) {
            ConnectRest.State state = states.get(info.name());
            healthy &= Condition.of(info, state).isHealthy();
            ConnectorStatus status = status(info, state, lags.get(info.name()));
            print(status, text(status));
        }
        return healthy ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private Map<String, Long> lags(List<ConnectRest.Info> sinks) {
        if (sinks.isEmpty()) {
            return Map.of();
        }
        try {
            return new Lag(settings().kafka()).of(sinks);
        } catch (DeployException e) {
            terminal().note(e.getMessage());
            return Map.of();
        }
    }

    private ConnectorStatus status(ConnectRest.Info info, ConnectRest.State state, Long lag) {
        if (state == null) {
            return new ConnectorStatus(info.name(), info.type(), "UNASSIGNED", null, lag, null, null, List.of());
        }
        ConnectRest.Instance connector = state.connector();
        return new ConnectorStatus(info.name(), info.type(), connector.state(), connector.worker(), lag,
                cause(connector), trace(connector), state.tasks().stream()
                        .map(task -> new TaskStatus(task.id(), task.state(), task.worker(), cause(task), trace(task)))
                        .toList());
    }

    private static String cause(ConnectRest.Instance instance) {
        return instance.trace() == null ? null : RootCause.of(instance.trace());
    }

    private String trace(ConnectRest.Instance instance) {
        return instance.trace() == null || !trace ? null : Secrets.inMessage(instance.trace());
    }

    private static List<String> text(ConnectorStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(status.connector() + ": " + status.state() + (status.worker() == null ? "" : " on " + status.worker())
                + (!"sink".equals(status.type()) ? "" : ", lag " + (status.lag() == null ? "unknown" : status.lag())));
        explain(lines, "  ", status.cause(), status.trace());
        for (TaskStatus task : status.tasks()) {
            lines.add("  task " + task.task() + ": " + task.state() + " on " + task.worker());
            explain(lines, "    ", task.cause(), task.trace());
        }
        return lines;
    }

    private static void explain(List<String> lines, String indent, String cause, String trace) {
        if (trace != null) {
            trace.lines().forEach(line -> lines.add(indent + line.replace("\t", "    ")));
        } else if (cause != null) {
            lines.add(indent + cause);
        }
    }
}
