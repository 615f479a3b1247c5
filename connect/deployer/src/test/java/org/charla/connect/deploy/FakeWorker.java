package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A worker whose connectors run at once, and that misbehaves as it is told. What fails on its threads, where nobody
 * would learn of it, {@link #close} throws.
 */
final class FakeWorker implements AutoCloseable {

    /** What happens instead of an answer; the request is done first if it returns true. */
    interface Mishap {

        /** Happens, and says whether this was the answer. */
        boolean happen(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, String>> connectors = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Mishap before = exchange -> false;
    private volatile Mishap after = exchange -> false;
    private volatile String taskState = "RUNNING";
    private volatile Map<String, String> taskConfig;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    FakeWorker() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Instead of carrying out a request. */
    void before(Mishap mishap) {
        before = mishap;
    }

    /** Instead of answering a request that was carried out. */
    void after(Mishap mishap) {
        after = mishap;
    }

    void taskState(String state) {
        taskState = state;
    }

    /** What all tasks are told to have been given, in place of their connector's configuration; null for that one. */
    void taskConfig(Map<String, String> config) {
        taskConfig = config;
    }

    List<String> requests() {
        return requests;
    }

    Map<String, Map<String, String>> connectors() {
        return connectors;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            serve(exchange);
        } catch (RuntimeException | Error e) {
            failures.add(e);
            throw e;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        try (exchange) {
            if (before.happen(exchange)) {
                return;
            }
            Object answer = answer(request, body);
            if (!after.happen(exchange)) {
                answer(exchange, 200, ConnectJson.line(answer));
            }
        }
    }

    private Object answer(String request, String body) throws IOException {
        if (request.equals("GET /connectors?expand=info")) {
            Map<String, Object> infos = new ConcurrentHashMap<>();
            connectors.forEach((name, config) -> infos.put(name, Map.of("info", Map.of("name", name, "type", "sink",
                    "config", config, "tasks", List.of(Map.of("connector", name, "task", 0))))));
            return infos;
        }
        if (request.equals("GET /connectors?expand=status")) {
            Map<String, Object> states = new ConcurrentHashMap<>();
            connectors.forEach((name, config) -> states.put(name, Map.of("status", Map.of("name", name, "type", "sink",
                    "connector", Map.of("state", "RUNNING", "worker_id", "w"),
                    "tasks", List.of(Map.of("id", 0, "state", taskState, "worker_id", "w", "trace", "x"))))));
            return states;
        }
        if (request.endsWith("/config/validate")) {
            return Map.of("error_count", 0, "configs", List.of());
        }
        if (request.startsWith("GET /connector-plugins")) {
            return List.of();
        }
        String name = request.split("[/?]")[2];
        if (request.startsWith("GET") && request.endsWith("/tasks")) {
            return List.of(Map.of("id", Map.of("connector", name, "task", 0),
                    "config", taskConfig == null ? connectors.get(name) : taskConfig));
        }
        if (request.startsWith("DELETE")) {
            connectors.remove(name);
            return Map.of();
        }
        if (request.startsWith("PUT") && request.endsWith("/config")) {
            connectors.put(name, ConnectJson.MAPPER.readerForMapOf(String.class).readValue(body));
        }
        return request.startsWith("POST") || request.endsWith("/pause") ? Map.of() : connectors.get(name);
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static boolean refuse(HttpExchange exchange, int status, String message) throws IOException {
        answer(exchange, status, "{\"error_code\":" + status + ",\"message\":\"" + message + "\"}");
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        if (!failures.isEmpty()) {
            throw new AssertionError("a request was not served as the test meant it", failures.get(0));
        }
    }
}
