package org.charla.streams;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Charla's own counters among the metrics of Kafka Streams. */
final class Metrics {

    private Metrics() {
    }

    /** A counter of this task: {@code stream-chat-metrics}, {@code <name>-total} and {@code <name>-rate}. */
    static Sensor counter(ProcessingContext context, String name, String... tags) {
        return context.metrics().addRateTotalSensor(
                "chat", context.taskId().toString(), name, Sensor.RecordingLevel.INFO, tags);
    }
}
