package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReadableTimestampsTest {

    private static final TopicPartition PARTITION = new TopicPartition("chat.channels", 3);
    private static final Map<TopicPartition, OffsetAndMetadata> NEXT = Map.of(PARTITION, new OffsetAndMetadata(9));

    private static ConsumerRecords<Object, Object> records(long... timestamps) {
        List<ConsumerRecord<Object, Object>> records = LongStream.of(timestamps)
                .<ConsumerRecord<Object, Object>>mapToObj(timestamp -> new ConsumerRecord<>("chat.channels", 3, 7, timestamp,
                        TimestampType.CREATE_TIME, 1, 2, "key", "value", new RecordHeaders().add("h", new byte[1]),
                        Optional.of(5)))
                .toList();
        return new ConsumerRecords<>(Map.of(PARTITION, records), NEXT);
    }

    private static ConsumerRecords<Object, Object> consumed(ConsumerRecords<Object, Object> records) {
        try (ReadableTimestamps interceptor = new ReadableTimestamps()) {
            return interceptor.onConsume(records);
        }
    }

    @Test
    void giveWhatHasNoneTheEarliestAndLeaveAllElseAsItIs() {
        ConsumerRecords<Object, Object> consumed = consumed(records(1, -1, Long.MIN_VALUE, Long.MAX_VALUE));
        assertThat(consumed).extracting(ConsumerRecord::timestamp).containsExactly(1L, 0L, 0L, Long.MAX_VALUE);
        assertThat(consumed).usingRecursiveFieldByFieldElementComparatorIgnoringFields("timestamp")
                .containsExactlyElementsOf(records(1, 2, 3, 4));
        assertThat(consumed.nextOffsets()).isEqualTo(NEXT);
    }

    @Test
    void leaveRecordsThatHaveThemAlone() {
        ConsumerRecords<Object, Object> records = records(0, 1);
        assertThat(consumed(records)).isSameAs(records);
    }
}
