package org.charla.connect.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands have in common: a worker, an output, and one line for what goes wrong. */
abstract class ConnectorsSubcommand implements Callable<Integer> {

    /** Of a column of a table, in characters; what is wider stands out. */
    private static final int WIDEST = 100;
    /** Of the command line that these are added to: the worker's, the only setting that can be wrong usage. */
    private static final String URL = "--connect-url";

    @ParentCommand
    private ConnectorsOptions connectors;

    @Spec
    private CommandSpec spec;

    private ConnectRest connect;

    /** Does the job and returns the status of the process. */
    abstract int run();

    @Override
    public final Integer call() {
        try {
            int status = run();
            if (terminal().hasLost()) {
                terminal().note("the output can't be written");
                return status == ExitStatus.DONE ? ExitStatus.FAILED : status;
            }
            return status;
        } catch (DeployException e) {
            if (e.status() == ExitStatus.WRONG_USAGE && spec.findOption(URL) != null) {
                throw wrongUsage(URL, e.getMessage());
            }
            terminal().note(e.getMessage());
            return e.status();
        }
    }

    final ConnectRest connect() {
        if (connect == null) {
            connect = new ConnectRest(settings(), limit(), note -> terminal().note(note));
        }
        return connect;
    }

    /** @param stable how long a condition has to stay */
    final Settling settling(Duration stable) {
        return new Settling(connect(), stable, limit());
    }

    final ConnectorsOptions connectors() {
        return connectors;
    }

    final ConnectSettings settings() {
        return connectors.settings();
    }

    final Terminal terminal() {
        return connectors.terminal();
    }

    final Duration limit() {
        return connectors.limit();
    }

    final boolean json() {
        return connectors.json();
    }

    /** The files to work on: those given, or those of the usual folder. */
    final List<ConnectorFile> files(List<Path> given) {
        return ConnectorFile.readAll(given == null ? List.of(connectors.folder()) : given);
    }

    /** Writes a result in the form that was asked for. */
    final void print(Object result, List<String> text) {
        if (json()) {
            terminal().line(ConnectJson.line(result));
        } else {
            text.forEach(terminal()::line);
        }
    }

    final void print(Object result, String text) {
        print(result, List.of(text));
    }

    /** Writes results as a table, the first row of the text being its head. */
    final void printTable(List<?> results, List<List<String>> text) {
        if (json()) {
            results.forEach(result -> terminal().line(ConnectJson.line(result)));
            return;
        }
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < text.get(0).size(); column++) {
            int index = column;
            widths.add(text.stream().mapToInt(row -> row.get(index).length()).filter(width -> width <= WIDEST).max()
                    .orElse(0));
        }
        for (List<String> row : text) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(Math.max(0, widths.get(column) - cell.length()) + 2));
            }
            terminal().line(line.toString().stripTrailing());
        }
    }

    /**
     * The connectors on the worker.
     *
     * @throws DeployException if one of the names is not among them
     */
    final Map<String, ConnectRest.Info> requireAll(Collection<String> names) {
        Map<String, ConnectRest.Info> infos = connect().infos();
        for (String name : names) {
            if (!infos.containsKey(name)) {
                throw new DeployException("there is no connector " + name + " on the worker"
                        + (infos.isEmpty() ? ", nor any other" : "; there are " + String.join(", ", infos.keySet())));
            }
        }
        return infos;
    }

    /** Asks before something is removed, where somebody can answer. */
    final void confirm(boolean yes, String what) {
        if (yes) {
            return;
        }
        if (!terminal().isInteractive()) {
            throw new DeployException("to " + what + ", say --yes: there is no terminal to ask on");
        }
        if (!terminal().confirm("charla: " + what + "?")) {
            throw new DeployException("nothing was done");
        }
    }

    /**
     * An option that is not used as it has to be.
     *
     * @param message says so where nobody knows better, by the option
     */
    final ParameterException wrongUsage(String option, String message) {
        return new ParameterException(spec.commandLine(), message, spec.findOption(option), null);
    }
}
