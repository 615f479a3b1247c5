package org.charla.connect.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What {@code charla connectors apply} does, for a program that has started the worker itself. */
public final class Deployer {

    private Deployer() {
    }

    /**
     * Brings a worker's connectors to what files declare, and returns when all of them run, also those that somebody
     * had paused or stopped. One that is already what its file declares is not configured anew. It counts as running as soon as the worker says so of all its tasks: right for
     * a worker that tells nothing of the time before its start.
     *
     * @param paths files {@code NAME.json}, or folders of such
     * @param limit for an answer of the worker, and for all connectors to run
     * @param notes is told what is being waited for
     * @return the names of the connectors
     * @throws DeployException if a file declares nothing, the worker refuses one or can't be reached, or a connector
     *                         fails or doesn't run in time; the message is one line that says which, and why
     */
    public static List<String> apply(
            ConnectSettings worker, List<Path> paths, Duration limit, Consumer<String> notes) {
        List<ConnectorFile> files = ConnectorFile.readAll(paths);
        ConnectRest connect = new ConnectRest(worker, limit, notes);
        Settling settling = new Settling(connect, Duration.ZERO, limit);
        Map<String, ConnectRest.Info> present = connect.infos();
        List<String> known = files.stream().map(ConnectorFile::name).filter(present::containsKey).toList();
        known.forEach(connect::resume);
        settling.await(known, Map.of(), Set.of(Condition.Kind.RUNNING, Condition.Kind.FAILED));
        // Nobody sees what differs, so the worker need not be asked what of it is secret.
        Secrets none = new Secrets(Set.of());
        List<Difference> differences = files.stream().map(file -> Difference.between(
                present.containsKey(file.name()) ? present.get(file.name()).config() : null, file, none)).toList();
        Deployment.Result result = new Deployment(connect, settling).apply(files, differences, present);
        if (result.status() != ExitStatus.DONE) {
            throw new DeployException(result.status(), result.outcomes().stream()
                    .filter(outcome -> outcome.error() != null).map(Deployment.Outcome::toText)
                    .collect(Collectors.joining("; ", "the connectors don't run: ", "")));
        }
        return files.stream().map(ConnectorFile::name).toList();
    }
}
