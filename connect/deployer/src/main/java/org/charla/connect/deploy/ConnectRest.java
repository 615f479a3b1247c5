package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * The REST API of a Kafka Connect worker.
 *
 * <p>A request waits out what passes: a rebalance (409), an answer of 500 and more, and a connection lost after the
 * worker has been heard of once. Then it throws an {@link UnreachableException}, or a {@link RefusedException} with
 * what the worker said. Every request may be made twice without harm. Thread-safe.
 */
final class ConnectRest {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(3);
    /** Of an answer, in bytes: hundreds of times what a worker says of a hundred connectors. */
    private static final int LARGEST_ANSWER = 16 << 20;
    /** Of a message, in characters: what a person may want to read. */
    private static final int LONGEST_MESSAGE = 4000;
    private static final int BAD_REQUEST = 400;
    private static final TypeFactory TYPES = ConnectJson.MAPPER.getTypeFactory();

    // What a worker says is judged where it is made: a record that lacks what it needs can't be, and a list holds no
    // null. Jackson takes that for JSON that doesn't fit.

    /**
     * @param config without settings that are null
     * @param tasks  the tasks that the connector is to have
     */
    record Info(String name, Map<String, String> config, List<TaskId> tasks, String type) {

        Info {
            requireAll(name, type);
            config = withoutNulls(config);
            tasks = List.copyOf(tasks);
        }
    }

    record TaskId(int task) {
    }

    /** A task with the configuration that its connector has given it. */
    record Task(TaskId id, Map<String, String> config) {

        Task {
            requireAll(id);
            config = withoutNulls(config);
        }
    }

    /** What workers wrote down last of a connector and its tasks. */
    record State(String name, Instance connector, List<Instance> tasks) {

        State {
            requireAll(name, connector);
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * A connector or a task.
     *
     * @param id    of a task; 0 for a connector
     * @param trace why it failed; null while it hasn't
     */
    record Instance(int id, String state, @JsonProperty("worker_id") String worker, String trace) {

        Instance {
            requireAll(state, worker);
        }
    }

    /** A worker's judgement of a configuration, by setting. */
    record Validation(List<Setting> configs) {

        Validation {
            configs = List.copyOf(configs);
        }
    }

    /** @param definition null of a setting that nobody knows */
    record Setting(Definition definition, Value value) {

        Setting {
            requireAll(value);
        }

        boolean isPassword() {
            return definition != null && definition.isPassword();
        }
    }

    /** @param type of Kafka's ConfigDef: STRING, PASSWORD, … */
    record Definition(String name, String type) {

        Definition {
            requireAll(name);
        }

        boolean isPassword() {
            return "PASSWORD".equals(type);
        }
    }

    /** @param value with references resolved: never to be shown */
    record Value(String name, String value, List<String> errors) {

        Value {
            requireAll(name);
            errors = List.copyOf(errors);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Offsets(List<Offset> offsets) {

        Offsets {
            offsets = List.copyOf(offsets);
        }
    }

    record Offset(Map<String, Object> partition, Map<String, Object> offset) {
    }

    record Plugin(@JsonProperty("class") String className, String type, String version) {

        Plugin {
            requireAll(className, type);
        }
    }

    record Level(String level) {

        Level {
            requireAll(level);
        }
    }

    record ExpandedInfo(Info info) {

        ExpandedInfo {
            requireAll(info);
        }
    }

    record ExpandedStatus(State status) {

        ExpandedStatus {
            requireAll(status);
        }
    }

    record Message(String message) {

        Message {
            requireAll(message);
        }
    }

    private static void requireAll(Object... parts) {
        for (Object part : parts) {
            Objects.requireNonNull(part);
        }
    }

    private static Map<String, String> withoutNulls(Map<String, String> settings) {
        Map<String, String> given = new TreeMap<>(settings);
        given.values().removeIf(Objects::isNull);
        return Collections.unmodifiableMap(given);
    }

    private final ConnectSettings settings;
    private final Duration limit;
    private final Consumer<String> notes;
    private final HttpClient http;
    private volatile boolean heardOf;

    /**
     * @param limit for an answer, all waiting included
     * @param notes is told what is being waited for
     */
    ConnectRest(ConnectSettings settings, Duration limit, Consumer<String> notes) {
        this.settings = settings;
        this.limit = limit;
        this.notes = notes;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit.compareTo(CONNECT_LIMIT) < 0 ? limit : CONNECT_LIMIT);
        settings.tls().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** All connectors by name, as they are configured. */
    Map<String, Info> infos() {
        Map<String, Info> infos = new TreeMap<>();
        getMap("/connectors?expand=info", ExpandedInfo.class).forEach((name, expanded) -> {
            if (!name.equals(expanded.info().name())) {
                throw noWorker();
            }
            infos.put(name, expanded.info());
        });
        return infos;
    }

    /** The states of all connectors by name, less those that no worker has started yet. */
    Map<String, State> states() {
        Map<String, State> states = new TreeMap<>();
        getMap("/connectors?expand=status", ExpandedStatus.class)
                .forEach((name, expanded) -> states.put(name, expanded.status()));
        return states;
    }

    /** What a connector is configured with, with references as they were given; empty if there is no such connector. */
    Optional<Map<String, String>> config(String connector) {
        try {
            return Optional.of(withoutNulls(read(exchange("GET", path(connector, "/config"), null),
                    TYPES.constructMapType(TreeMap.class, String.class, String.class))));
        } catch (RefusedException e) {
            if (e.httpStatus() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The tasks of a connector as it has configured them last, whether or not they run yet. Waits for no rebalance, which
     * is told with a {@link RefusedException} that is passing.
     */
    List<Task> tasks(String connector) {
        return list(exchange("GET", path(connector, "/tasks"), null, false), Task.class);
    }

    /** Makes a connector, or gives it another configuration; the worker validates it first. */
    void put(String connector, Map<String, String> config) {
        exchange("PUT", path(connector, "/config"), config);
    }

    /** What the worker, and the connector itself, think of a configuration. */
    Validation validate(String connector, Map<String, String> config) {
        Map<String, String> named = new TreeMap<>(config);
        named.put("name", connector);
        return read(exchange("PUT", "/connector-plugins/" + encoded(config.get("connector.class")) + "/config/validate",
                named), Validation.class);
    }

    /** The settings that a plugin defines by itself. */
    List<Definition> definitions(String plugin) {
        return getList("/connector-plugins/" + encoded(plugin) + "/config", Definition.class);
    }

    /** Removes a connector; its offsets stay. */
    void delete(String connector) {
        try {
            exchange("DELETE", path(connector, ""), null);
        } catch (RefusedException e) {
            // It was there when it was looked for: an answer got lost, or somebody else was quicker.
            if (e.httpStatus() != 404) {
                throw e;
            }
        }
    }

    void pause(String connector) {
        exchange("PUT", path(connector, "/pause"), null);
    }

    void resume(String connector) {
        exchange("PUT", path(connector, "/resume"), null);
    }

    void stop(String connector) {
        exchange("PUT", path(connector, "/stop"), null);
    }

    /** Restarts a connector and its tasks, or those that have failed. */
    void restart(String connector, boolean onlyFailed) {
        exchange("POST", path(connector, "/restart?includeTasks=true&onlyFailed=" + onlyFailed), null);
    }

    /** How far a connector has come; for a sink, what its consumer group has committed. */
    List<Offset> offsets(String connector) {
        return get(path(connector, "/offsets"), Offsets.class).offsets();
    }

    /** Forgets how far a stopped connector has come. Returns what the worker says of it. */
    String resetOffsets(String connector) {
        return read(exchange("DELETE", path(connector, "/offsets"), null), Message.class).message();
    }

    /** Connectors, converters, transformations and predicates that the worker can load. */
    List<Plugin> plugins() {
        return getList("/connector-plugins?connectorsOnly=false", Plugin.class);
    }

    /** The loggers of the worker that have a level of their own. */
    Map<String, Level> loggers() {
        return getMap("/admin/loggers", Level.class);
    }

    Level logger(String name) {
        return get("/admin/loggers/" + encoded(name), Level.class);
    }

    /**
     * Sets the level of a logger and of those below it.
     *
     * @param everywhere on all workers of the cluster, not just on this one
     */
    void setLogger(String name, String level, boolean everywhere) {
        exchange("PUT", "/admin/loggers/" + encoded(name) + "?scope=" + (everywhere ? "cluster" : "worker"),
                Map.of("level", level));
    }

    private <T> T get(String path, Class<T> type) {
        return read(exchange("GET", path, null), type);
    }

    private <T> List<T> getList(String path, Class<T> type) {
        return list(exchange("GET", path, null), type);
    }

    private <T> List<T> list(byte[] answer, Class<T> type) {
        List<T> list = read(answer, TYPES.constructCollectionType(ArrayList.class, type));
        requireNoNull(list);
        return list;
    }

    private <T> Map<String, T> getMap(String path, Class<T> type) {
        Map<String, T> map = read(exchange("GET", path, null),
                TYPES.constructMapType(TreeMap.class, String.class, type));
        requireNoNull(map.values());
        return map;
    }

    private void requireNoNull(Collection<?> values) {
        if (values.contains(null)) {
            throw noWorker();
        }
    }

    private <T> T read(byte[] body, Class<T> type) {
        return read(body, TYPES.constructType(type));
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // A JavaType says it, which is no generic type.
    private <T> T read(byte[] body, JavaType type) {
        T value;
        try {
            value = ConnectJson.MAPPER.readValue(body, type);
        } catch (IOException | IllegalArgumentException e) {
            throw noWorker();
        }
        // What the JSON null comes to.
        if (value == null) {
            throw noWorker();
        }
        return value;
    }

    private DeployException noWorker() {
        return new DeployException("what answers at " + settings.url() + " is no Kafka Connect: see --connect-url");
    }

    private byte[] exchange(String method, String path, Object body) {
        return exchange(method, path, body, true);
    }

    /** @param patient whether to wait until a worker does what it does not do for now */
    private byte[] exchange(String method, String path, Object body, boolean patient) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + path))
                .header("Accept", "application/json");
        settings.authorization().ifPresent(header -> request.header("Authorization", header));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(ConnectJson.line(body)));
        }
        long start = System.nanoTime();
        Duration backoff = FIRST_BACKOFF;
        boolean perhapsDone = false;
        String noted = "";
        while (true) {
            DeployException failure;
            Duration left = limit.minusNanos(System.nanoTime() - start);
            try {
                return once(request.build(), left.compareTo(FIRST_BACKOFF) < 0 ? FIRST_BACKOFF : left);
            } catch (RefusedException e) {
                if (!e.isPassing() || !patient) {
                    throw e;
                }
                failure = e;
            } catch (UnreachableException e) {
                perhapsDone |= e.perhapsDone();
                failure = new UnreachableException(e.getMessage(), perhapsDone);
                if (!heardOf) {
                    throw failure;
                }
            }
            left = limit.minusNanos(System.nanoTime() - start);
            if (left.compareTo(backoff) <= 0) {
                throw failure;
            }
            if (!noted.equals(failure.getMessage())) {
                noted = failure.getMessage();
                notes.accept("waiting, for " + left.toSeconds() + " s at most: " + noted);
            }
            pause(backoff);
            Duration doubled = backoff.multipliedBy(2);
            backoff = doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
        }
    }

    /** @param left for the whole answer, to its last byte */
    private byte[] once(HttpRequest request, Duration left) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, head -> new LimitedBody(LARGEST_ANSWER));
        HttpResponse<byte[]> response;
        try {
            response = exchange.get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw new UnreachableException(
                    worker() + " gave no answer within " + limit.toSeconds() + " s (--timeout)", true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException("interrupted");
        } finally {
            exchange.cancel(true);
        }
        heardOf = true;
        if (response.statusCode() / 100 != 2) {
            throw refused(response);
        }
        return response.body();
    }

    private DeployException failure(Throwable e) {
        if (e instanceof LimitedBody.TooLargeException) {
            return new DeployException("what answers at " + settings.url() + " is no Kafka Connect, or has too much to"
                    + " say: more than " + (LARGEST_ANSWER >> 20) + " MiB (--connect-url)");
        }
        return unreachable(e);
    }

    private String worker() {
        return "the Connect worker at " + settings.url();
    }

    private UnreachableException unreachable(Throwable e) {
        String worker = worker();
        if (e instanceof HttpConnectTimeoutException) {
            return new UnreachableException(worker + " can't be reached: no connection in time", false);
        }
        if (e instanceof ConnectException) {
            boolean unknown = e.getCause() instanceof UnresolvedAddressException
                    || e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException;
            return new UnreachableException(worker + (unknown ? " can't be reached: nobody knows this host name"
                    : " can't be reached: connection refused; is it running? (--connect-url)"), false);
        }
        if (e instanceof SSLException) {
            return new UnreachableException(
                    worker + " can't be reached over TLS: " + tlsFailure(e.getMessage()), false);
        }
        boolean plain = !heardOf && settings.url().getScheme().equals("http");
        // Whatever is no IOException comes from what the client could not read.
        String what = e instanceof ProtocolException || !(e instanceof IOException)
                ? " gave an answer that is no HTTP" : " broke off the connection";
        return new UnreachableException(worker + what + (plain ? "; does it want https://?" : ""), true);
    }

    /** What the JDK says, with what can be done about it. */
    private static String tlsFailure(String said) {
        String message = String.valueOf(said);
        if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
            return "it seems to speak http:// alone";
        }
        return message + (message.contains("Received fatal alert")
                ? " (connect.keystore holds the certificate that the worker wants to see)"
                : " (connect.truststore names the certificates to trust)");
    }

    private RefusedException refused(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String said = "";
        try {
            JsonNode body = ConnectJson.MAPPER.readTree(response.body());
            said = body == null ? "" : body.path("message").asText("");
        } catch (IOException e) {
            // An answer from something in front of the worker.
        }
        if (status == 401 || status == 403) {
            return new RefusedException(status, false, "the Connect worker at " + settings.url() + " refuses the"
                    + " credentials (HTTP " + status + "): set connect.username and connect.password");
        }
        if (said.isEmpty()) {
            // Something in front of the worker that has no time for this now.
            boolean passing = status >= 500 || status == 408 || status == 429;
            return new RefusedException(status, passing, "what answers at " + settings.url() + " says HTTP "
                    + status + (passing ? "" : " and is no Kafka Connect: see --connect-url"));
        }
        if (said.contains("Failed to find any class that implements")) {
            return new RefusedException(status, false, "the worker has no such plugin as connector.class or another"
                    + " setting names (charla connectors plugins lists what it has)");
        }
        // A wrong request comes as 500 as well, when a worker finds out late; that does not pass.
        boolean wrong = said.contains("BadRequestException") || said.contains("ConfigException");
        return new RefusedException(status, (status == 409 || status >= 500) && !wrong,
                "the worker says: " + shortened(Secrets.inMessage(said)));
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + " …";
    }

    /** Waits for nothing but time, between two looks at something that can't say when it changes. */
    static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException("interrupted");
        }
    }

    /**
     * Whether a connector, a class or a logger can be called so in a URL: a worker's web server refuses what could be
     * mistaken for another path, although it is encoded.
     */
    static boolean isAddressable(String name) {
        return !name.matches("(?s).*[/\\\\%].*|\\.{0,2}");
    }

    private static String path(String connector, String rest) {
        return "/connectors/" + encoded(connector) + rest;
    }

    private static String encoded(String part) {
        if (!isAddressable(part)) {
            throw new RefusedException(BAD_REQUEST, false, "the worker can't be asked about '" + part
                    + "': it takes no request with /, \\ or % in a name, nor with none");
        }
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
