package org.charla.access;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.ClosedKafka;
import org.charla.protocol.Topics;

/** Kafka's clients as a participant needs them, and what their failures mean to a person. Thread-safe. */
public final class KafkaAccess {

    /** How long a person waits for Kafka's first answer, so that a person hears of its absence within 10 s. */
    public static final Duration PATIENCE = Duration.ofSeconds(8);

    private final String servers;
    private final Map<String, String> config;
    private final String setting;
    private final CompletableFuture<String> clusterId = new CompletableFuture<>();

    /**
     * @param servers Kafka's addresses, HOST:PORT,…
     * @param config settings of Kafka's clients, which go before those that are chosen here, but for what order and
     *               exactly once depend on
     * @param setting how a person sets the addresses, for messages: {@code --bootstrap-servers}
     */
    public KafkaAccess(String servers, Map<String, String> config, String setting) {
        this.servers = servers;
        this.config = Map.copyOf(config);
        this.setting = setting;
    }

    /**
     * A producer that keeps the order and writes nothing twice: idempotent, acknowledged by all replicas in sync.
     *
     * @param tuning settings that those of this access go before
     */
    Producer<byte[], byte[]> producer(Map<String, Object> tuning) {
        Map<String, Object> all = common();
        all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        all.putAll(tuning);
        all.putAll(config);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try {
            return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * A consumer outside any group that sees committed records only and never makes a topic.
     *
     * @param tuning settings that those of this access go before
     */
    public Consumer<byte[], byte[]> consumer(Map<String, Object> tuning) {
        return consumer(tuning, () -> { });
    }

    /**
     * The same.
     *
     * @param metadataRead told each time that the consumer has looked at the cluster's metadata, in whatever thread
     */
    Consumer<byte[], byte[]> consumer(Map<String, Object> tuning, Runnable metadataRead) {
        Map<String, Object> all = common();
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        all.put(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 250);
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // However many channels are open: the chat has 64 MiB.
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        all.putAll(tuning);
        all.putAll(config);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                tuning.getOrDefault(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try {
            return new KafkaConsumer<>(all, new ClusterListener(clusterId, metadataRead), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * Which cluster it is, whatever its addresses: known when a consumer of this access has heard of it. Empty
     * where the cluster doesn't say.
     */
    public CompletionStage<String> clusterId() {
        return clusterId.minimalCompletionStage();
    }

    /** Kafka's clients tell it to whatever is plugged into them. */
    private static final class ClusterListener extends ByteArrayDeserializer implements ClusterResourceListener {

        private final CompletableFuture<String> clusterId;
        private final Runnable metadataRead;

        ClusterListener(CompletableFuture<String> clusterId, Runnable metadataRead) {
            this.clusterId = clusterId;
            this.metadataRead = metadataRead;
        }

        @Override
        public void onUpdate(ClusterResource cluster) {
            clusterId.complete(cluster.clusterId() == null ? "" : cluster.clusterId());
            metadataRead.run();
        }
    }

    /**
     * What asks brokers.
     *
     * @param patience how long to wait for each answer
     */
    public Admin admin(Duration patience) {
        Map<String, Object> all = common();
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        all.putAll(config);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        try {
            return Admin.create(all);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * The channels that have a topic, sorted.
     *
     * @param patience how long to wait for Kafka
     */
    public List<String> channels(Duration patience) {
        try (Admin admin = admin(patience)) {
            return answer(admin.listTopics().names()).stream()
                    .map(Topics::channelOf)
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        }
    }

    /** Waits for what Kafka answers, or the failure that it is. */
    public <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure((Exception) e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AccessFailure("interrupted", e);
        }
    }

    /** Clients that live for a moment: nobody watches them over JMX or collects their figures. */
    private static Map<String, Object> common() {
        Map<String, Object> all = new HashMap<>();
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "charla");
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return all;
    }

    /**
     * The partitions of a topic that the streams app makes.
     *
     * @throws AccessFailure if there is no such topic
     */
    static List<TopicPartition> partitionsOf(Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new AccessFailure(
                    "Kafka has no topic " + topic + ", which the streams app makes: has it been started?");
        }
        return partitions;
    }

    /** The consumer is to read these records once more. */
    static void unread(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        records.partitions().forEach(partition -> consumer.seek(partition, records.records(partition).get(0).offset()));
    }

    /** Closes at once: there is no group to leave. */
    public static void close(Consumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    /** What went wrong, and what to do about it. */
    public AccessFailure failure(Exception e) {
        return isHealedByTime(e) ? new ServerAway("Kafka " + servers, explain(e), e)
                : new AccessFailure(explain(e), e);
    }

    /** Kafka's client gives some of that as the cause of something else. */
    private static boolean isHealedByTime(Throwable e) {
        return e instanceof RetriableException || e.getCause() != null && isHealedByTime(e.getCause());
    }

    /** Whether it may be for want of TLS that Kafka does not answer. Takes 1 s at most. */
    public boolean lacksTls() {
        return ClosedKafka.lacksTls(servers, config.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
    }

    /** What went wrong as a part of a sentence. */
    public String explain(Exception e) {
        if (e instanceof RecordTooLargeException) {
            return "the message is larger than Kafka takes";
        }
        String kafka = "Kafka at " + servers;
        Optional<String> refusal = ClosedKafka.refusal(e);
        if (refusal.isPresent()) {
            return kafka + " " + refusal.get();
        }
        if (e instanceof TimeoutException && lacksTls()) {
            return kafka + " " + ClosedKafka.TLS_WANTED;
        }
        if (e instanceof TimeoutException) {
            return kafka + " does not answer: is it running? (" + setting + ")";
        }
        Throwable wrong = e.getCause() instanceof ConfigException ? e.getCause() : e;
        if (wrong instanceof ConfigException) {
            return "the settings for " + kafka + " are not valid: " + wrong.getMessage();
        }
        // Kafka's clients say what they failed to do, and why in what caused it.
        return kafka + ": " + e.getMessage() + (e.getCause() == null || e.getCause().getMessage() == null ? ""
                : ": " + e.getCause().getMessage());
    }
}
