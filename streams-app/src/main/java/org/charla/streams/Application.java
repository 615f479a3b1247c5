package org.charla.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One topology as it runs, with its group, its threads and its state. Where what fails is the thread that reads a global store,
 * which Kafka Streams can't replace (as when the topic was deleted), all of it starts anew. Thread-safe.
 */
final class Application {

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    /** With what Kafka Streams ends the name of the thread that reads global stores. */
    private static final String GLOBAL_THREAD = "-GlobalStreamThread";

    private final String name;
    private final String source;
    private final Supplier<KafkaStreams> maker;
    private final StreamsUncaughtExceptionHandler onThreadFailure;
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile KafkaStreams streams;
    /** Guarded by this, as is the replacement of the streams. */
    private boolean closing;

    /**
     * @param source the topic that it reads
     * @param topology made for each start
     * @param settings Kafka's, {@code application.id} among them
     * @param onThreadFailure decides what becomes of a thread that failed
     * @throws ConfigException if the folder of its state can't be used: Kafka isn't asked for anything yet
     */
    Application(String source, Supplier<Topology> topology, StreamsAppConfig config, Properties settings, Suspects suspects,
            Channels channels, StreamsUncaughtExceptionHandler onThreadFailure) {
        this.name = settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
        this.source = source;
        this.onThreadFailure = onThreadFailure;
        this.maker = () -> new KafkaStreams(
                topology.get(), settings, new BlamingProducer.Supplier(suspects, channels));
        try {
            this.streams = make();
        } catch (StreamsException e) {
            throw config.wrongStateDir(problem(config.stateFolder(name)));
        }
    }

    private KafkaStreams make() {
        KafkaStreams made = maker.get();
        made.setUncaughtExceptionHandler(this::onFailure);
        made.setStateListener((state, before) -> {
            log.info("{}: {} -> {}", name, before, state);
            if (state == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        return made;
    }

    private StreamThreadExceptionResponse onFailure(Throwable error) {
        StreamThreadExceptionResponse response = onThreadFailure.handle(error);
        if (response != StreamThreadExceptionResponse.REPLACE_THREAD
                || !Thread.currentThread().getName().endsWith(GLOBAL_THREAD)) {
            return response;
        }
        new Thread(this::startAnew, name + "-restart").start();
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private void startAnew() {
        boolean isWorthIt = true;
        while (isWorthIt) {
            streams.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            try {
                replacement().ifPresent(KafkaStreams::start);
                return;
            } catch (RuntimeException e) {
                isWorthIt = onThreadFailure.handle(e) == StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
    }

    /** Empty where nobody needs it any more. */
    private synchronized Optional<KafkaStreams> replacement() {
        if (closing) {
            return Optional.empty();
        }
        streams = make();
        return Optional.of(streams);
    }

    /** Kafka Streams says the same of a folder that is taken and of one that can't be written. */
    private static String problem(Path folder) {
        try {
            Files.delete(Files.createTempFile(Files.createDirectories(folder), "charla", null));
            return "another streams app uses it: stop that, or choose another folder";
        } catch (IOException e) {
            return "it can't be written (" + e + ")";
        }
    }

    /** Starts to process; returns when its global store, where it has one, was read. */
    void start() {
        try {
            streams.start();
        } catch (StreamsException e) {
            // A broker may learn later than others of the topic of the global store.
            if (onThreadFailure.handle(e) != StreamThreadExceptionResponse.REPLACE_THREAD) {
                throw e;
            }
            startAnew();
        }
    }

    /** Waits until partitions are assigned and their state is restored; whether that was so within the time. */
    boolean awaitRunning(Duration timeout) throws InterruptedException {
        return running.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** As it runs now; another one behind a new start. */
    KafkaStreams streams() {
        return streams;
    }

    /** How many records of its topic are there and not processed. */
    long lag() {
        return sum("records-lag", source);
    }

    /** How many records it has processed since the start. */
    long processed() {
        return sum("process-total", "");
    }

    /** The sum of a metric over threads and partitions, of one topic where it has topics. */
    private long sum(String metric, String topic) {
        return (long) streams.metrics().entrySet().stream()
                .filter(found -> found.getKey().name().equals(metric) && isOf(topic, found.getKey()))
                .map(found -> found.getValue().metricValue())
                .filter(Double.class::isInstance).mapToDouble(Double.class::cast)
                .filter(Double::isFinite).sum();
    }

    private static boolean isOf(String topic, MetricName metric) {
        return topic.equals(metric.tags().getOrDefault("topic", ""));
    }

    /** Begins to finish what is being processed, to commit it, and to leave the group. */
    void beginToClose() {
        close(Duration.ZERO);
    }

    /** Closes it, and waits for that for a time. */
    void close() {
        if (!close(CLOSE_TIMEOUT)) {
            log.warn("{} is not closed within {}: the last transaction will be aborted and done again",
                    name, CLOSE_TIMEOUT);
        }
    }

    private boolean close(Duration timeout) {
        synchronized (this) {
            closing = true;
        }
        return streams.close(CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }
}
