package org.charla.streams;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.charla.protocol.RejectionCode;

/** Charla's own counters among the metrics of Kafka Streams, group {@code stream-chat-metrics}; one for each thread. */
final class Metrics {

    private Metrics() {
    }

    /** {@code accepted-total} and {@code accepted-rate}. */
    static Sensor accepted(ProcessingContext context) {
        return counter(context, "accepted", "events");
    }

    /** {@code duplicates-total} and {@code duplicates-rate}. */
    static Sensor duplicates(ProcessingContext context) {
        return counter(context, "duplicates", "events");
    }

    /** {@code rejected-total} and {@code rejected-rate} with the tag {@code code}. */
    static Sensor rejected(ProcessingContext context, RejectionCode code) {
        return counter(context, "rejected", code.name(), "code", code.name());
    }

    /** {@code skipped-total} and {@code skipped-rate} with the tag {@code topic}. */
    static Sensor skipped(ProcessingContext context, String topic) {
        return counter(context, "skipped", topic, "topic", topic);
    }

    private static Sensor counter(ProcessingContext context, String name, String entity, String... tags) {
        return context.metrics().addRateTotalSensor("chat", entity, name, Sensor.RecordingLevel.INFO, tags);
    }
}
