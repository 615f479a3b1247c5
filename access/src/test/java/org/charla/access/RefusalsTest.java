package org.charla.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private final List<String> told = new ArrayList<>();
    private final Refusals<String> refusals =
            new Refusals<>(2, (sent, rejection) -> told.add(sent + " " + rejection.code()));

    @Test
    void tellsOfARefusalInWhicheverOrderItComesWithItsAcknowledgement() {
        refusals.acknowledged("first", place(2, 17));
        refusals.read(refusal("chat.raw-2@17"));
        refusals.read(refusal("chat.raw-3@5"));
        refusals.acknowledged("second", place(3, 5));

        assertThat(told).containsExactly("first TEXT_TOO_LONG", "second TEXT_TOO_LONG");
    }

    @Test
    void leavesOutWhatOthersSentAndWhatIsNoRefusal() {
        refusals.acknowledged("mine", place(2, 17));
        refusals.read(refusal("chat.raw-2@18"));
        refusals.read(refusal("nonsense"));
        refusals.read(record(new RecordHeaders()));
        refusals.read(record(new RecordHeaders().add("rejection.source", null)));

        assertThat(told).isEmpty();
    }

    @Test
    void tellsOfARefusalOnce() {
        refusals.acknowledged("mine", place(2, 17));
        refusals.read(refusal("chat.raw-2@17"));
        refusals.read(refusal("chat.raw-2@17"));

        assertThat(told).hasSize(1);
    }

    @Test
    void remembersNoMoreThanItIsToldTo() {
        for (int i = 0; i < 3; i++) {
            refusals.acknowledged("record " + i, place(0, i));
        }
        for (int i = 0; i < 3; i++) {
            refusals.read(refusal("chat.raw-0@" + i));
        }

        assertThat(told).containsExactly("record 1 TEXT_TOO_LONG", "record 2 TEXT_TOO_LONG");
    }

    @Test
    void doesNotRememberWhatIsLargerThanARefusalOfThePipeline() {
        refusals.read(record(new Rejection("TEXT_TOO_LONG", "x".repeat(100_000), "chat.raw-0@1").toHeaders()));
        refusals.acknowledged("mine", place(0, 1));

        assertThat(told).isEmpty();
    }

    private static RecordMetadata place(int partition, long offset) {
        return new RecordMetadata(new TopicPartition(Topics.RAW, partition), offset, 0, 0, 0, 0);
    }

    private static ConsumerRecord<byte[], byte[]> refusal(String source) {
        return record(new Rejection("TEXT_TOO_LONG", "It is.", source).toHeaders());
    }

    private static ConsumerRecord<byte[], byte[]> record(Headers headers) {
        return new ConsumerRecord<>(Topics.REJECTED, 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, null, null, headers,
                Optional.empty());
    }
}
