package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.jmx.JmxCollector;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.Deployer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.embedded.EmbeddedStore;
import org.charla.protocol.Topics;
import org.charla.streams.StreamsApp;
import org.charla.streams.StreamsAppConfig;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whether broker, worker and streams app have the metrics that alerts and dashboard look at. */
class MetricsIT {

    private static final Pattern SELECTOR = Pattern.compile("\\b((?:kafka|charla|process|jvm)_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern SERIES = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
    /** What Prometheus adds. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    private record Series(String name, Map<String, String> labels) {
    }

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;

    @Test
    void areThereForEachAlertAndEachPanel() throws Exception {
        Set<String> selectors = new TreeSet<>();
        selectors.addAll(selectors("docker/alerts.yml"));
        selectors.addAll(selectors("docker/grafana/dashboards/charla.json"));
        assertThat(selectors).hasSizeGreaterThan(20);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults);
                EmbeddedStore store = EmbeddedStore.start(directory.resolve("store"), 0, faults);
                StreamsApp app = StreamsApp.start(StreamsAppConfig.load(
                        Checkout.HOME.resolve("config/streams.properties"), Map.of(
                                "CHARLA_STREAMS_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                "CHARLA_STREAMS_STATE_DIR", directory.resolve("streams").toString(),
                                "CHARLA_STREAMS_HTTP_LISTEN", "127.0.0.1:0")));
                ConnectWorker worker = ConnectWorker.start(
                        Checkout.WORKER, Checkout.PLUGINS, kafka.bootstrapServers(), 0, store.uri())) {
            Deployer.apply(ConnectSettings.of(worker.url().toString(), Map.of(), Map.of(), Map.of()),
                    List.of(Checkout.HOME.resolve("config/connectors")), Duration.ofSeconds(60), note -> { });
            say(kafka);
            PrometheusRegistry broker = exported("kafka");
            PrometheusRegistry connect = exported("connect");
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                String metrics = metrics(app) + text(broker) + text(connect);
                List<Series> series = SERIES.matcher(metrics).results().map(MetricsIT::series).toList();
                assertThat(selectors.stream().filter(selector -> !isThere(selector, series))).isEmpty();
            });
        }
    }

    private static List<String> selectors(String file) throws Exception {
        return SELECTOR.matcher(Files.readString(Checkout.HOME.resolve(file)).replace("\\\"", "\"")).results()
                .map(MatchResult::group).toList();
    }

    private static PrometheusRegistry exported(String part) throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        new JmxCollector(Checkout.HOME.resolve("docker/jmx/" + part + ".yml").toFile()).register(registry);
        return registry;
    }

    private static void say(EmbeddedKafka kafka) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(), new StringSerializer())) {
            for (String event : List.of("\"type\":\"profile\",\"messageId\":\"1\",\"displayName\":\"Zoë\"",
                    "\"type\":\"message\",\"messageId\":\"2\",\"channel\":\"general\",\"text\":\"hola\"")) {
                producer.send(new ProducerRecord<>(Topics.RAW, "zoe",
                        "{\"userId\":\"zoe\",\"sentAt\":1795449898000," + event + "}")).get();
            }
        }
    }

    private static String metrics(StreamsApp app) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + app.httpAddress().orElseThrow().getPort() + "/metrics");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }

    private static String text(PrometheusRegistry exported) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, exported.scrape());
        return text.toString(UTF_8);
    }

    private static Series series(MatchResult line) {
        return new Series(line.group(1), line.group(2) == null ? Map.of() : MATCHER.matcher(line.group(2)).results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(3))));
    }

    private static boolean isThere(String selector, List<Series> series) {
        Matcher parts = SELECTOR.matcher(selector);
        assertThat(parts.matches()).as(selector).isTrue();
        List<MatchResult> matchers = parts.group(2) == null ? List.of() : MATCHER.matcher(parts.group(2)).results()
                .filter(matcher -> !OF_THE_TARGET.contains(matcher.group(1))).toList();
        return series.stream().filter(found -> found.name().equals(parts.group(1))).anyMatch(found -> matchers.stream()
                .allMatch(matcher -> matches(matcher, found.labels().getOrDefault(matcher.group(1), ""))));
    }

    private static boolean matches(MatchResult matcher, String value) {
        String wanted = matcher.group(3);
        boolean isEqual = matcher.group(2).endsWith("~") ? value.matches(wanted) : value.equals(wanted);
        return isEqual != matcher.group(2).startsWith("!");
    }
}
