package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;

/**
 * What an orchestrator and Prometheus ask: {@code /health/live}, {@code /health/ready} (200 or 503) and
 * {@code /metrics}, with all metrics of Kafka Streams and its clients, and of the JVM, and what there is to be told of beside
 * them: whether it is ready, open transactions, and how many channels there are of how many there may be.
 */
final class HttpEndpoint implements AutoCloseable {

    private static final long SAMPLE_MS = 2_000;
    /** Who asks for the metrics again within this time gets the same ones: so nobody can keep the app busy with them. */
    private static final long SCRAPE_MS = 1_000;

    private final List<Watched> applications;
    private final ClusterTopics topics;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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

    private static final class Watched {

        private final Application application;
        private final Health health = new Health(nowMs());
        /** Null until the first thread runs: before that most metrics are not there, and Micrometer looks once a minute. */
        private KafkaStreamsMetrics metrics;
        private KafkaStreams measured;

        private Watched(Application application) {
            this.application = application;
        }

        private synchronized void measure(KafkaStreams streams, MeterRegistry registry) {
            close();
            metrics = new KafkaStreamsMetrics(streams);
            metrics.bindTo(registry);
            measured = streams;
        }

        private synchronized void close() {
            if (metrics != null) {
                metrics.close();
            }
        }
    }

    /** @throws IOException if nobody can listen there */
    HttpEndpoint(InetSocketAddress address, List<Application> applications, ClusterTopics topics, ChannelLimits limits,
            StableOffsets offsets) throws IOException {
        this.applications = applications.stream().map(Watched::new).toList();
        this.topics = topics;
        this.offsets = offsets;
        gcMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("charla.ready", () -> objection().isEmpty() ? 1 : 0)
                .description("Whether /health/ready says that messages which are sent now will be with their readers soon")
                .register(registry);
        Gauge.builder("charla.channels", () -> topics.channels().names().size())
                .description("How many channels there are").register(registry);
        Gauge.builder("charla.channels.max", limits::max)
                .description("How many channels there may be").register(registry);
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
        applications.forEach(this::sample);
    }

    private void sample(Watched watched) {
        Application application = watched.application;
        boolean running = application.isRunning();
        if (running && watched.measured != application.streams()) {
            watched.measure(application.streams(), registry);
        }
        watched.health.observe(new Health.Sample(running, topics.isReachable(), application.lag(), application.processed(),
                topics.objection(), offsets.longest().filter(StableOffsets.Behind::isHeldBack)), nowMs());
    }

    private CompletableFuture<BoundedHttp.Answer> live() {
        return health(applications.stream().allMatch(watched -> watched.health.isLive(nowMs())), Optional.empty());
    }

    private CompletableFuture<BoundedHttp.Answer> ready() {
        Optional<String> objection = objection();
        return health(objection.isEmpty(), objection);
    }

    private Optional<String> objection() {
        return applications.stream().flatMap(watched -> watched.health.objection(nowMs()).stream()).findFirst();
    }

    private CompletableFuture<BoundedHttp.Answer> health(boolean healthy, Optional<String> reason) {
        KafkaStreams.State state = applications.stream().map(watched -> watched.application.streams().state())
                .filter(found -> found != KafkaStreams.State.RUNNING).findFirst().orElse(KafkaStreams.State.RUNNING);
        long lag = applications.stream().mapToLong(watched -> watched.health.last().lag()).sum();
        return CompletableFuture.completedFuture(answer(healthy ? 200 : 503, "application/json", """
                {"status":"%s","state":"%s","kafka":"%s","lag":%d%s}
                """.formatted(healthy ? "UP" : "DOWN", state, topics.isReachable() ? "UP" : "DOWN", lag,
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
        applications.forEach(Watched::close);
        gcMetrics.close();
        registry.close();
    }
}
