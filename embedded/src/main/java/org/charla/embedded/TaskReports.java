package org.charla.embedded;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What the tasks of a worker have reported since this was opened, read where workers write it down (Kafka's
 * KafkaStatusBackingStore). The worker's REST API tells the last word, be it of a worker before that was killed. Not
 * safe for use by several threads at once.
 */
final class TaskReports implements AutoCloseable {

    private final TopicPartition statuses;
    private final Consumer<String, String> consumer;
    private final long start;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, String> states = new HashMap<>();

    private TaskReports(TopicPartition statuses, Consumer<String, String> consumer, long start) {
        this.statuses = statuses;
        this.consumer = consumer;
        this.start = start;
    }

    /**
     * To be called before the worker starts.
     *
     * @param topic of its statuses, of one partition; the worker makes it if it is not there
     */
    static TaskReports open(String bootstrapServers, String topic) {
        Consumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "allow.auto.create.topics", "false",
                        "enable.auto.commit", "false", "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer());
        TopicPartition statuses = new TopicPartition(topic, 0);
        boolean isThere = consumer.listTopics().containsKey(topic);
        return new TaskReports(statuses, consumer,
                isThere ? consumer.endOffsets(List.of(statuses)).get(statuses) : 0);
    }

    /** Waits for reports, for this time at most; returns what is known then. */
    void await(Duration limit) throws IOException {
        if (consumer.assignment().isEmpty()) {
            consumer.assign(List.of(statuses));
            consumer.seek(statuses, start);
        }
        for (ConsumerRecord<String, String> report : consumer.poll(limit)) {
            states.put(report.key(),
                    report.value() == null ? "" : json.readTree(report.value()).path("state").asText());
        }
    }

    /** The state that the task has reported last; empty if it has reported none. */
    String of(String connector, int task) {
        return states.getOrDefault("status-task-" + connector + "-" + task, "");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
