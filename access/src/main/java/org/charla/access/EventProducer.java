package org.charla.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/** Writes events to {@link Topics#RAW}, each once and in the order given. Thread-safe. */
public final class EventProducer implements AutoCloseable {

    private final Producer<byte[], byte[]> producer;

    /**
     * @param tuning settings of Kafka's producer, behind those of the access
     * @throws AccessFailure if the settings are not valid
     */
    public EventProducer(KafkaAccess kafka, Map<String, Object> tuning) {
        this.producer = kafka.producer(tuning);
    }

    /**
     * Gives an event to Kafka's producer. Waits while too much is on its way, or Kafka has not answered yet.
     *
     * @param callback told in a thread of the producer, in the order of each partition, of the event's place or why
     *                 there is none
     */
    public void send(RawEvent event, Callback callback) {
        producer.send(new ProducerRecord<>(Topics.RAW, event.userId().getBytes(UTF_8), Wire.write(event)), callback);
    }

    /** Waits until it is known of each event whether Kafka has it. */
    public void flush() {
        producer.flush();
    }

    /** Whether a broker is connected, also where it does not take what is sent. */
    public boolean isConnected() {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-count"))
                .anyMatch(metric -> ((Number) metric.getValue().metricValue()).doubleValue() > 0);
    }

    /** At once: what Kafka has not acknowledged by now may or may not be there. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
