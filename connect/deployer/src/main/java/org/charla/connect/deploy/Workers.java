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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The workers that run what a cluster runs. The cluster misses one that died only when its session has timed out (10 s
 * if nothing else is set), and calls what ran on it RUNNING until then. Where it listened nobody does by that time.
 */
final class Workers {

    private static final int LIMIT_MS = 1000;
    private static final int AT_ONCE = 16;

    /** Whether each listened when it was looked for first. */
    private final Map<String, Boolean> met = new HashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 1, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), work -> {
        Thread thread = new Thread(work, "worker-look");
        thread.setDaemon(true);
        return thread;
    });

    Workers() {
        // Of a process that goes on with something else.
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Those named in the states that listened when they were looked for first, and do no longer. Of one that can't be
     * reached from here, by the name that the cluster calls it, nothing is said, and it is not tried again. It takes a
     * second at most for those that are new, and one for the others, however many there are.
     */
    Set<String> gone(Collection<ConnectRest.State> states) {
        Set<String> named = states.stream()
                .flatMap(state -> Stream.concat(Stream.of(state.connector()), state.tasks().stream()))
                .map(ConnectRest.Instance::worker)
                .collect(Collectors.toSet());
        Set<String> known = Set.copyOf(met.keySet());
        met.putAll(look(named.stream().filter(worker -> !known.contains(worker))));
        Map<String, Boolean> again = look(named.stream().filter(worker -> known.contains(worker) && met.get(worker)));
        return again.keySet().stream().filter(worker -> !again.get(worker)).collect(Collectors.toSet());
    }

    private Map<String, Boolean> look(Stream<String> workers) {
        Map<String, CompletableFuture<Boolean>> looks = workers.collect(Collectors.toMap(worker -> worker,
                worker -> CompletableFuture.supplyAsync(() -> listens(worker), threads)
                        .completeOnTimeout(false, LIMIT_MS, TimeUnit.MILLISECONDS)));
        Map<String, Boolean> found = new HashMap<>();
        looks.forEach((worker, look) -> found.put(worker, look.join()));
        return found;
    }

    /** The name has to be looked up as well, and that takes as long as it takes. */
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
