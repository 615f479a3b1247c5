package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.charla.protocol.Topics;

/**
 * What an orchestrator and Prometheus ask: {@code /health/live}, {@code /health/ready} (200 or 503) and
 * {@code /metrics}, with all metrics of Kafka Streams and its clients, and of the JVM.
 */
final class HttpEndpoint implements AutoCloseable {

    private static final long SAMPLE_MS = 2_000;

    private final KafkaStreams streams;
    private final ClusterTopics topics;
    private final Health health = new Health(nowMs());
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Null until the first thread runs: before that most metrics are not there, and Micrometer looks once a minute. */
    private volatile KafkaStreamsMetrics kafkaMetrics;
    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
    private final HttpServer server;
    private final ExecutorService requests = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "charla-health");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws IOException if nobody can listen there */
    HttpEndpoint(InetSocketAddress address, KafkaStreams streams, ClusterTopics topics) throws IOException {
        this.streams = streams;
        this.topics = topics;
        this.server = HttpServer.create(address, 0);
        gcMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        server.createContext("/health/live", exchange -> answerHealth(exchange, health.isLive(nowMs())));
        server.createContext("/health/ready", exchange -> answerHealth(exchange, health.isReady(nowMs())));
        server.createContext("/metrics", exchange ->
                answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape()));
        server.setExecutor(requests);
        server.start();
        sampler.scheduleWithFixedDelay(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    private void sample() {
        boolean running = streams.state() == KafkaStreams.State.RUNNING;
        if (running && kafkaMetrics == null) {
            kafkaMetrics = new KafkaStreamsMetrics(streams);
            kafkaMetrics.bindTo(registry);
        }
        health.observe(new Health.Sample(running, topics.isReachable(),
                (long) sum("records-lag", Topics.RAW), (long) sum("process-total", "")), nowMs());
    }

    /** The sum of a metric over threads and partitions, of one topic where it has topics. */
    private double sum(String name, String topic) {
        return streams.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name) && isOf(topic, metric.getKey()))
                .map(metric -> metric.getValue().metricValue())
                .filter(Double.class::isInstance).mapToDouble(Double.class::cast)
                .filter(Double::isFinite).sum();
    }

    private static boolean isOf(String topic, MetricName metric) {
        return topic.equals(metric.tags().getOrDefault("topic", ""));
    }

    private void answerHealth(HttpExchange exchange, boolean healthy) throws IOException {
        Health.Sample last = health.last();
        answer(exchange, healthy ? 200 : 503, "application/json", """
                {"status":"%s","state":"%s","kafka":"%s","lag":%d}
                """.formatted(healthy ? "UP" : "DOWN", streams.state(), last.reachable() ? "UP" : "DOWN", last.lag()));
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        sampler.shutdownNow();
        server.stop(0);
        requests.shutdownNow();
        if (kafkaMetrics != null) {
            kafkaMetrics.close();
        }
        gcMetrics.close();
        registry.close();
    }
}
