package org.charla.connect.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.charla.protocol.Topics;

/** Which records of a topic the sink has set aside, by Connect's context headers. */
final class DeadLetters {

    /** Of how many records that is known: more are not remembered. */
    private static final int MOST = 1_000_000;

    private static final String HEADERS = "__connect.errors.";

    /** Where a record stood. */
    record Place(int partition, long offset) {
    }

    private final Set<Place> places = new HashSet<>();

    /** Reads all that is there now. */
    DeadLetters(TopicLog log, String topic) {
        for (TopicPartition partition : log.partitions(Topics.SINK_DEAD_LETTERS)) {
            log.read(partition, log.begin(partition), log.end(partition), (records, next) -> records.stream()
                    .filter(record -> header(record, "topic").equals(topic)).forEach(this::add));
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (places.size() < MOST) {
                places.add(new Place(Integer.parseInt(header(record, "partition")),
                        Long.parseLong(header(record, "offset"))));
            }
        } catch (NumberFormatException e) {
            // Anybody may have written it.
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(HEADERS + name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    /** Whether the sink has set this one aside. */
    boolean hold(int partition, long offset) {
        return places.contains(new Place(partition, offset));
    }
}
