package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PendingRecordsTest {

    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition A_1 = new TopicPartition("a", 1);
    private static final TopicPartition B = new TopicPartition("b", 0);

    private final PendingRecords pending = new PendingRecords();

    @Test
    void allThatWasConsumedIsWrittenWhereNothingIsPending() {
        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.written(offsets(A, 7, B, 3))).isEqualTo(offsets(A, 7, B, 3));
    }

    @Test
    void thePartitionOfWhatIsPendingIsWrittenUpToTheFirstOfIt() {
        pending.add(List.of(record(A, 5), record(B, 1), record(A, 4), record(A, 6)));
        assertThat(pending.isEmpty()).isFalse();
        assertThat(pending.written(offsets(A, 7, A_1, 9, B, 2))).isEqualTo(offsets(A, 4, A_1, 9, B, 1));
    }

    @Test
    void aPartitionIsNeverWrittenFurtherThanItIsConsumedNorToldOfUnasked() {
        pending.add(List.of(record(A, 5), record(B, 5)));
        assertThat(pending.written(offsets(A, 3))).isEqualTo(offsets(A, 3));
    }

    @Test
    void aTopicThatIsWrittenHoldsNothingBack() {
        pending.add(List.of(record(A, 4), record(A_1, 2), record(B, 1)));
        pending.removeTopic("a");
        assertThat(pending.topics()).containsExactly("b");
        assertThat(pending.written(offsets(A, 7, A_1, 9, B, 2))).isEqualTo(offsets(A, 7, A_1, 9, B, 1));
    }

    @Test
    void whatIsSetAsideCountsAsWrittenAndTheRestDoesNot() {
        SinkRecord poison = record(A, 4);
        pending.add(List.of(poison, record(A, 5), record(B, 1)));
        pending.remove(List.of(poison));
        assertThat(pending.written(offsets(A, 6, B, 2))).isEqualTo(offsets(A, 5, B, 1));
        pending.remove(pending.of("a"));
        assertThat(pending.topics()).containsExactly("b");
        assertThat(pending.written(offsets(A, 6, B, 2))).isEqualTo(offsets(A, 6, B, 1));
    }

    @Test
    void anotherDeliveryOfWhatIsRemovedIsStillPending() {
        SinkRecord first = record(A, 4);
        SinkRecord again = record(A, 4);
        pending.add(List.of(first, again));
        pending.remove(List.of(first));
        assertThat(pending.of("a")).singleElement().isSameAs(again);
    }

    @Test
    void aPartitionThatGoesToAnotherTaskIsForgottenAndNoOtherIs() {
        pending.add(List.of(record(A, 4), record(A_1, 2), record(B, 1)));
        pending.removePartitions(List.of(A, B));
        assertThat(pending.topics()).containsExactly("a");
        assertThat(pending.written(offsets(A_1, 9))).isEqualTo(offsets(A_1, 2));
        pending.removePartitions(List.of(A_1));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void aPartitionThatComesBackBeginsAnew() {
        pending.add(List.of(record(A, 4)));
        pending.removePartitions(List.of(A));
        pending.add(List.of(record(A, 2), record(A, 3)));
        assertThat(pending.written(offsets(A, 4))).isEqualTo(offsets(A, 2));
        assertThat(pending.of("a")).extracting(SinkRecord::kafkaOffset).containsExactly(2L, 3L);
    }

    @Test
    void aTopicKeepsItsOrderOverSeveralBatches() {
        pending.add(List.of(record(A, 1), record(B, 1), record(A, 2)));
        pending.add(List.of(record(A, 3)));
        assertThat(pending.of("a")).extracting(SinkRecord::kafkaOffset).containsExactly(1L, 2L, 3L);
        assertThat(pending.of("none")).isEmpty();
    }

    @Test
    void offsetsAreThoseOfKafkaWhateverATransformationMadeOfTheTopic() {
        SinkRecord renamed = record(A, 4).newRecord("elsewhere", 7, null, "k", null, "v", null);
        pending.add(List.of(renamed));
        assertThat(pending.topics()).containsExactly("elsewhere");
        assertThat(pending.written(offsets(A, 5))).isEqualTo(offsets(A, 4));
        pending.removePartitions(List.of(A));
        assertThat(pending.isEmpty()).isTrue();
    }

    private static SinkRecord record(TopicPartition partition, long offset) {
        return new SinkRecord(partition.topic(), partition.partition(), null, "k", null, "v", offset);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Object... pairs) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            offsets.put((TopicPartition) pairs[i], new OffsetAndMetadata((int) pairs[i + 1]));
        }
        return offsets;
    }
}
