package org.charla.embedded;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import kafka.network.RequestChannel;
import kafka.network.SocketServer;
import kafka.server.ApiRequestHandler;
import org.apache.kafka.common.network.KafkaChannel;
import org.apache.kafka.network.Request;
import org.apache.kafka.server.common.RequestLocal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Closes connections that nobody uses where there are many, so that others can come: Kafka lets in so many and no more, and
 * keeps each for ten minutes, also of one who says nothing, or doesn't read. First go those that have said nothing yet, then
 * those that were heard longest ago; clients whose connection was idle make another one.
 */
final class RoomForOthers implements ApiRequestHandler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RoomForOthers.class);

    private static final long INTERVAL_MS = 100;
    /** Who has said nothing for so long since the connection was made. */
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final ApiRequestHandler kafka;
    private final RequestChannel requests;
    private final int many;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "room-for-others");
        thread.setDaemon(true);
        return thread;
    });

    private record Heard(long nanos, WeakReference<Request> request) {
    }

    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    /** Since when those are there that have said nothing; in the watch's thread. */
    private final Map<String, Long> silent = new HashMap<>();

    /** @param many how many connections may stay, whatever they do */
    RoomForOthers(ApiRequestHandler kafka, RequestChannel requests, int many) {
        this.kafka = kafka;
        this.requests = requests;
        this.many = many;
    }

    @Override
    public void handle(Request request, RequestLocal local) {
        heard.put(request.context().connectionId, new Heard(System.nanoTime(), new WeakReference<>(request)));
        kafka.handle(request, local);
    }

    @Override
    public void tryCompleteActions() {
        kafka.tryCompleteActions();
    }

    /** Begins to look after the connections. */
    void watch(SocketServer server) {
        watch.scheduleWithFixedDelay(() -> {
            try {
                look(server);
            } catch (ConcurrentModificationException e) {
                // Others came or went: the next time.
            } catch (RuntimeException e) {
                log.error("Nobody looks after idle connections", e);
            }
        }, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private void look(SocketServer server) {
        List<KafkaChannel> open = server.dataPlaneAcceptors().values().stream()
                .flatMap(acceptor -> CollectionConverters.asJava(acceptor.processors()).stream())
                .flatMap(processor -> processor.selector().channels().stream()).toList();
        Set<String> ids = open.stream().map(KafkaChannel::id).collect(Collectors.toSet());
        long now = System.nanoTime();
        heard.entrySet().removeIf(entry -> !ids.contains(entry.getKey()) && now - entry.getValue().nanos() > SILENT_NANOS);
        silent.keySet().retainAll(ids);
        silent.keySet().removeAll(heard.keySet());
        ids.stream().filter(id -> !heard.containsKey(id)).forEach(id -> silent.putIfAbsent(id, now));
        int tooMany = open.size() - many;
        if (tooMany > 0) {
            List<KafkaChannel> useless = open.stream()
                    .filter(channel -> now - silent.getOrDefault(channel.id(), now) > SILENT_NANOS).toList();
            useless.forEach(this::close);
            open.stream().filter(channel -> heard.containsKey(channel.id()))
                    .sorted(Comparator.comparingLong(channel -> heard.get(channel.id()).nanos() - now))
                    // Those that have said nothing yet may be useless soon.
                    .limit(Math.max(0, tooMany - silent.size())).forEach(this::close);
        }
    }

    private void close(KafkaChannel channel) {
        Heard last = heard.remove(channel.id());
        Request request = last == null ? null : last.request().get();
        if (request != null) {
            requests.closeConnection(request, Map.of());
            return;
        }
        try {
            // Kafka reads that there is nothing more.
            ((SocketChannel) channel.selectionKey().channel()).shutdownInput();
        } catch (IOException e) {
            log.debug("closed already", e);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
