package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
    /** Who asks for the metrics again within this time gets the same ones: so nobody can keep the app busy with them. */
    private static final long SCRAPE_MS = 1_000;

    private final KafkaStreams streams;
    private final ClusterTopics topics;
    private final Health health = new Health(nowMs());
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Null until the first thread runs: before that most metrics are not there, and Micrometer looks once a minute. */
    private volatile KafkaStreamsMetrics kafkaMetrics;
    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
    private final StableOffsets offsets;
    private final BoundedHttp server;
    /** The last scrape, perhaps still under way, and when it began. */
    private CompletableFuture<BoundedHttp.Answer> scrape;
    private long scrapeAt;
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "charla-health");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws IOException if nobody can listen there */
    HttpEndpoint(InetSocketAddress address, KafkaStreams streams, ClusterTopics topics, StableOffsets offsets)
            throws IOException {
        this.streams = streams;
        this.topics = topics;
        this.offsets = offsets;
        gcMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        StableOffsets.GROUPS.forEach(this::bindStableOffsets);
        this.server = new BoundedHttp(address, Map.of("/health/live", this::live, "/health/ready", this::ready,
                "/metrics", this::metrics));
        sampler.scheduleWithFixedDelay(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
    }

    private void bindStableOffsets(String group) {
        TimeGauge.builder("charla.stable.offset.delay", () -> offsets.delayMs(group), TimeUnit.MILLISECONDS)
                .description("For how long records have been there that an open transaction keeps from their readers")
                .tag("topic", group).register(registry);
        Gauge.builder("charla.stable.offset.lag", () -> offsets.records(group))
                .description("Offsets that an open transaction keeps from their readers")
                .tag("topic", group).register(registry);
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return server.address();
    }

    private void sample() {
        boolean running = streams.state() == KafkaStreams.State.RUNNING;
        if (running && kafkaMetrics == null) {
            kafkaMetrics = new KafkaStreamsMetrics(streams);
            kafkaMetrics.bindTo(registry);
        }
        health.observe(new Health.Sample(running, topics.isReachable(),
                (long) sum("records-lag", Topics.RAW), (long) sum("process-total", ""),
                topics.objection(), offsets.longest().filter(StableOffsets.Behind::isHeldBack)), nowMs());
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

    private CompletableFuture<BoundedHttp.Answer> live() {
        return health(health.isLive(nowMs()), Optional.empty());
    }

    private CompletableFuture<BoundedHttp.Answer> ready() {
        Optional<String> objection = health.objection(nowMs());
        return health(objection.isEmpty(), objection);
    }

    private CompletableFuture<BoundedHttp.Answer> health(boolean healthy, Optional<String> reason) {
        Health.Sample last = health.last();
        return CompletableFuture.completedFuture(answer(healthy ? 200 : 503, "application/json", """
                {"status":"%s","state":"%s","kafka":"%s","lag":%d%s}
                """.formatted(healthy ? "UP" : "DOWN", streams.state(), last.reachable() ? "UP" : "DOWN", last.lag(),
                reason.map(",\"reason\":\"%s\""::formatted).orElse(""))));
    }

    private synchronized CompletableFuture<BoundedHttp.Answer> metrics() {
        if (scrape == null || scrape.isDone() && nowMs() - scrapeAt >= SCRAPE_MS) {
            scrapeAt = nowMs();
            scrape = CompletableFuture.supplyAsync(
                    () -> answer(200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape()), sampler);
        }
        return scrape;
    }

    private static BoundedHttp.Answer answer(int status, String type, String body) {
        return new BoundedHttp.Answer(status, type, body.getBytes(UTF_8));
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        server.close();
        sampler.shutdownNow();
        if (kafkaMetrics != null) {
            kafkaMetrics.close();
        }
        gcMetrics.close();
        registry.close();
    }
}
