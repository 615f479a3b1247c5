package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "list", header = "Lists the connectors on the worker.")
final class ListCommand extends ConnectorsSubcommand {

    private record Row(String connector, String type, String state, int tasks, int runningTasks, boolean managed,
            String plugin) {
    }

    @Override
    int run() {
        Map<String, ConnectRest.State> states = connect().states();
        List<Row> rows = new ArrayList<>();
        connect().infos().values().forEach(info -> {
            ConnectRest.State state = states.get(info.name());
            rows.add(new Row(info.name(), info.type(), state == null ? "UNASSIGNED" : state.connector().state(),
                    info.tasks().size(), state == null ? 0 : (int) state.tasks().stream()
                            .filter(task -> task.state().equals("RUNNING")).count(),
                    info.config().containsKey(Difference.MARK), info.config().getOrDefault("connector.class", "-")));
        });
        List<List<String>> text = new ArrayList<>();
        text.add(List.of("NAME", "TYPE", "STATE", "TASKS", "MANAGED", "PLUGIN"));
        rows.forEach(row -> text.add(List.of(row.connector(), row.type(), row.state(),
                row.runningTasks() + "/" + row.tasks(), row.managed() ? "yes" : "no", row.plugin())));
        printTable(rows, text);
        return ExitStatus.DONE;
    }
}
