package org.charla.connect.deploy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The workers that run what a cluster runs. The cluster misses one that died only when its session has timed out (10 s
 * if nothing else is set), and calls what ran on it RUNNING until then. Where it listened nobody does by that time.
 */
final class Workers {

    private static final int LIMIT_MS = 1000;

    /** Whether each listened when it was looked for first. */
    private final Map<String, Boolean> met = new HashMap<>();

    /**
     * Those named in the states that listened when they were looked for first, and do no longer. Of one that can't be
     * reached from here, by the name that the cluster calls it, nothing is said, and it is not tried again: each try
     * may take a second.
     */
    Set<String> gone(Collection<ConnectRest.State> states) {
        return states.stream()
                .flatMap(state -> Stream.concat(Stream.of(state.connector()), state.tasks().stream()))
                .map(ConnectRest.Instance::worker)
                .distinct()
                .filter(worker -> met.computeIfAbsent(worker, Workers::listens) && !listens(worker))
                .collect(Collectors.toSet());
    }

    private static boolean listens(String worker) {
        try (Socket socket = new Socket()) {
            URI address = new URI(null, worker, null, null, null);
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), LIMIT_MS);
            return true;
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            return false;
        }
    }
}
