package org.charla.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.Topics;

/** Kafka clients as the commands need them, and what their failures mean to a person. */
final class KafkaAccess {

    /** How long a command waits for Kafka's first answer, so that a person hears of its absence within 10 s. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Settings settings;

    KafkaAccess(Settings settings) {
        this.settings = settings;
    }

    /**
     * A producer that keeps the order and writes nothing twice: idempotent, acknowledged by all replicas in sync.
     *
     * @param tuning settings that the configuration file may override
     */
    Producer<byte[], byte[]> producer(Map<String, Object> tuning) {
        Map<String, Object> config = common();
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.putAll(tuning);
        config.putAll(settings.kafka());
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try {
            return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * A consumer outside any group that sees committed records only and never makes a topic.
     *
     * @param tuning settings that the configuration file may override
     */
    Consumer<byte[], byte[]> consumer(Map<String, Object> tuning) {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 250);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // However many channels are open: the chat has 64 MiB.
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        config.putAll(tuning);
        config.putAll(settings.kafka());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                tuning.getOrDefault(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try {
            return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /** @param patience how long to wait for each answer */
    Admin admin(Duration patience) {
        Map<String, Object> config = common();
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        config.putAll(settings.kafka());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        try {
            return Admin.create(config);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * The channels that have a topic, sorted.
     *
     * @param patience how long to wait for Kafka
     */
    List<String> channels(Duration patience) {
        try (Admin admin = admin(patience)) {
            return answer(admin.listTopics().names()).stream()
                    .map(Topics::channelOf)
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        }
    }

    /** Waits for what Kafka answers, or the failure that it is. */
    <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure((Exception) e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }

    /** Clients that live for a moment: nobody watches them over JMX or collects their figures. */
    private static Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "charla");
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    /**
     * The partitions of a topic that the streams app makes.
     *
     * @throws CommandFailure if there is no such topic
     */
    static List<TopicPartition> partitionsOf(Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new CommandFailure(
                    "Kafka has no topic " + topic + ", which the streams app makes: has it been started?");
        }
        return partitions;
    }

    /** Closes at once: there is no group to leave. */
    static void close(Consumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    /** What went wrong, and what to do about it. */
    CommandFailure failure(Exception e) {
        return isHealedByTime(e) ? new ServerAway("Kafka " + settings.bootstrapServers(), explain(e), e)
                : new CommandFailure(explain(e), e);
    }

    /** Kafka's client gives some of that as the cause of something else. */
    private static boolean isHealedByTime(Throwable e) {
        return e instanceof RetriableException || e.getCause() != null && isHealedByTime(e.getCause());
    }

    /** What went wrong as a part of a sentence. */
    String explain(Exception e) {
        String kafka = "Kafka at " + settings.bootstrapServers();
        if (e instanceof TimeoutException) {
            return kafka + " does not answer: is it running? (--bootstrap-servers)";
        }
        if (e instanceof AuthenticationException) {
            return kafka + " refuses the credentials: " + e.getMessage();
        }
        if (e instanceof AuthorizationException) {
            return kafka + " does not allow this: " + e.getMessage();
        }
        Throwable wrong = e.getCause() instanceof ConfigException ? e.getCause() : e;
        if (wrong instanceof ConfigException) {
            return "the settings for " + kafka + " are not valid: " + wrong.getMessage();
        }
        return kafka + ": " + e.getMessage();
    }
}
