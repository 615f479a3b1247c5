package org.charla.streams;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.charla.protocol.ClosedKafka;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running pipeline: two topologies, each an application of its own. It heals what time heals by itself (brokers away, coordinators moved, state lost) and replaces
 * threads that fail, but not for ever: then it stops and {@link #failure()} says why. Thread-safe.
 */
public final class StreamsApp implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StreamsApp.class);

    private static final int MAX_RESTARTS = 10;
    private static final Duration RESTART_PERIOD = Duration.ofMinutes(10);
    private static final Duration WAIT_FOR_CLUSTER = Duration.ofMinutes(5);

    private final ClusterTopics topics;
    private final List<Application> applications;
    private final TransactionWatch transactions;
    private final Optional<HttpEndpoint> http;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final RestartBudget restarts = new RestartBudget(MAX_RESTARTS, RESTART_PERIOD);

    private StreamsApp(StreamsAppConfig config, ClusterTopics topics) {
        this.topics = topics;
        Suspects suspects = new Suspects();
        Application chat = application(Topics.RAW,
                () -> ChatTopology.build(config, topics.channels(), suspects, topics::rawPartitions),
                config, config.kafkaSettings(), suspects);
        Suspects channelSuspects = new Suspects();
        try {
            this.applications = List.of(chat, application(config.topics().channelRequests(),
                    () -> ChannelTopology.build(config, topics.channels(), channelSuspects),
                    config, config.channelsKafkaSettings(), channelSuspects));
        } catch (ConfigException e) {
            chat.close();
            throw e;
        }
        this.transactions = new TransactionWatch(topics, config.topics(),
                List.of(config.applicationId(), config.channelsApplicationId()));
        this.http = config.httpListen().map(address -> serve(address, config.channelLimits()));
    }

    private Application application(
            String source, Supplier<Topology> topology, StreamsAppConfig config, Properties settings, Suspects suspects) {
        return new Application(
                source, topology, config, settings, suspects, topics.channels(), this::onThreadFailure);
    }

    private HttpEndpoint serve(InetSocketAddress address, ChannelLimits limits) {
        try {
            HttpEndpoint endpoint =
                    new HttpEndpoint(address, applications, topics, limits, transactions.offsets());
            log.info("health and metrics at {}", endpoint.address());
            return endpoint;
        } catch (IOException e) {
            closeApplications();
            transactions.close();
            throw new ConfigException("http.listen", address, "nobody can listen there: " + e.getMessage());
        }
    }

    /**
     * Makes the topics that are missing and starts to process. Returns at once after that; see {@link #awaitRunning}.
     * Waits up to 5 minutes for a cluster that cannot be reached yet.
     *
     * @throws ConfigException if a folder or an address of this machine that a setting names can't be used
     * @throws KafkaException if the cluster cannot be reached or refuses the topics
     */
    public static StreamsApp start(StreamsAppConfig config) {
        ClusterTopics topics = new ClusterTopics(new StreamsConfig(config.kafkaSettings())
                .getAdminConfigs("charla-topics"), config.topics(),
                config.channelLimits().together(), config.channelCreationTimeout());
        StreamsApp app = null;
        try {
            startWhenReachable(topics, config);
            app = new StreamsApp(config, topics);
            // The first one last: it reads chat.channels before it comes back.
            app.applications.get(1).start();
            app.applications.get(0).start();
            return app;
        } catch (RuntimeException e) {
            if (app != null) {
                app.close();
            } else {
                topics.close();
            }
            throw e;
        }
    }

    private static void startWhenReachable(ClusterTopics topics, StreamsAppConfig config) {
        long deadline = System.nanoTime() + WAIT_FOR_CLUSTER.toNanos();
        while (true) {
            try {
                topics.start();
                return;
            } catch (RetriableException e) {
                if (ClosedKafka.lacksTls(config.bootstrapServers(), 
                        config.kafkaSettings().get(StreamsConfig.SECURITY_PROTOCOL_CONFIG))) {
                    throw new KafkaException(ClosedKafka.TLS_WANTED, e);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                log.warn("no answer from Kafka at {} yet: {}", config.bootstrapServers(), e.getMessage());
            }
        }
    }

    private synchronized StreamThreadExceptionResponse onThreadFailure(Throwable error) {
        Optional<String> objection = topics.objectionNow();
        if (objection.isPresent()) {
            log.error("a stream thread failed, and can't do better", error);
            failure.complete(new InvalidConfigurationException(objection.get()));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (restarts.take(System.currentTimeMillis())) {
            log.error("a stream thread failed and is replaced", error);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        log.error("stream threads failed more than {} times in {}; giving up", MAX_RESTARTS, RESTART_PERIOD, error);
        failure.complete(error);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Waits until partitions are assigned and their state is restored.
     *
     * @return whether that was so within the time
     */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (Application application : applications) {
            if (!application.awaitRunning(Duration.ofNanos(deadline - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /** Where health and metrics are served; empty where they are not. */
    public Optional<InetSocketAddress> httpAddress() {
        return http.map(HttpEndpoint::address);
    }

    /** Completes with the reason if the app gives up by itself; never otherwise. */
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /** Finishes what is being processed, commits it, and leaves the group, so that others take over at once. */
    @Override
    public void close() {
        http.ifPresent(HttpEndpoint::close);
        transactions.close();
        closeApplications();
        topics.close();
    }

    private void closeApplications() {
        applications.forEach(Application::beginToClose);
        applications.forEach(Application::close);
    }
}
