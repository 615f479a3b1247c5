package org.charla.connect.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Which topic a record comes from, whatever topics of its name there were before.
 *
 * @param id Kafka's own
 * @param cluster the id of the cluster
 */
record TopicId(String id, String cluster) {

    /** The record header in which {@link TopicIds} tells the sink; the last one of that name counts. */
    static final String HEADER = "charla-topic";

    private static final String SEPARATOR = " ";

    /** Kafka did not tell it. */
    static final TopicId UNKNOWN = new TopicId("", "");

    byte[] toHeader() {
        return (id + SEPARATOR + cluster).getBytes(UTF_8);
    }

    /** Empty where nobody is asked for it: the consumer has no {@link TopicIds}. */
    static Optional<TopicId> of(SinkRecord record) {
        Object header = header(record);
        if (header == null) {
            return Optional.empty();
        }
        String[] parts = new String((byte[]) header, UTF_8).split(SEPARATOR, 2);
        return Optional.of(parts[0].isEmpty() ? UNKNOWN : new TopicId(parts[0], parts.length > 1 ? parts[1] : ""));
    }

    /** What can be compared: equal bytes, as a rule the same; null where there is none. */
    static Object header(SinkRecord record) {
        Header header = record.headers().lastWithName(HEADER);
        return header != null && header.value() instanceof byte[] value ? value : null;
    }
}
