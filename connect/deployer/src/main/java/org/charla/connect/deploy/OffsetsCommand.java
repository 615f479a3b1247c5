package org.charla.connect.deploy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "offsets", header = "Shows how far a connector has come, or has it begin anew.",
        footer = {"", "Examples:",
            "  charla connectors offsets users-sink",
            "  charla connectors stop users-sink && charla connectors offsets users-sink --reset"})
final class OffsetsCommand extends ConnectorsSubcommand {

    @Parameters(paramLabel = "NAME", description = "The connector.")
    private String name;

    @Option(names = "--reset", description = "Forget them, while the connector is stopped: it begins anew when it is"
            + " resumed.")
    private boolean reset;

    @Option(names = "--yes", description = "Don't ask.")
    private boolean yes;

    private record Reset(String connector, String action, String message) {
    }

    @Override
    int run() {
        ConnectRest.Info info = requireAll(List.of(name)).get(name);
        if (!reset) {
            connect().offsets(name).stream()
                    .map(offset -> new ConnectRest.Offset(masked(offset.partition()), masked(offset.offset())))
                    .sorted(Comparator.comparing(offset -> text(offset.partition())))
                    .forEach(offset -> print(offset, text(offset.partition()) + ": " + text(offset.offset())));
            return ExitStatus.DONE;
        }
        if (Condition.of(info, connect().states().get(name)).kind() != Condition.Kind.STOPPED) {
            throw new DeployException("the connector " + name + " is not stopped, so that its offsets can't be reset:"
                    + " charla connectors stop " + name);
        }
        confirm(yes, "forget how far the connector " + name + " has come");
        String message = Secrets.inMessage(connect().resetOffsets(name));
        print(new Reset(name, "reset", message), name + ": " + message);
        return ExitStatus.DONE;
    }

    /** Some sources keep the address that they read from. */
    private static Map<String, Object> masked(Map<String, Object> values) {
        if (values == null) {
            return null;
        }
        Map<String, Object> shown = new TreeMap<>(values);
        shown.replaceAll((key, value) -> value == null || value instanceof Number ? value
                : Secrets.inValue(key, String.valueOf(value)));
        return shown;
    }

    private static String text(Map<String, Object> values) {
        return values == null ? "none" : values.entrySet().stream()
                .map(entry -> entry.getKey().replace("kafka_", "") + " " + entry.getValue())
                .sorted(Comparator.reverseOrder())
                .collect(Collectors.joining(", "));
    }
}
