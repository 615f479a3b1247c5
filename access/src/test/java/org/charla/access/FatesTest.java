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
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.junit.jupiter.api.Test;

class FatesTest {

    private final List<String> told = new ArrayList<>();
    private final Fates<String> fates = new Fates<>(2, (sent, fate) -> told.add(sent + " "
            + (fate instanceof Fates.Refused refused ? refused.rejection().code() : fate)));

    @Test
    void tellsOfARefusalInWhicheverOrderItComesWithItsAcknowledgement() {
        fates.acknowledged("first", place(2, 17));
        fates.refused(refusal("chat.raw-2@17"));
        fates.refused(refusal("chat.raw-3@5"));
        fates.acknowledged("second", place(3, 5));

        assertThat(told).containsExactly("first TEXT_TOO_LONG", "second TEXT_TOO_LONG");
    }

    @Test
    void leavesOutWhatOthersSentAndWhatIsNoRefusal() {
        fates.acknowledged("mine", place(2, 17));
        fates.refused(refusal("chat.raw-2@18"));
        fates.refused(refusal("nonsense"));
        fates.refused(record(new RecordHeaders()));
        fates.refused(refusal("chat.raw-2@"));
        fates.refused(refusal("chat.raw-2@nonsense"));
        fates.refused(record(new RecordHeaders().add("rejection.source", null)));

        assertThat(told).isEmpty();
    }

    @Test
    void tellsOfARefusalOnce() {
        fates.acknowledged("mine", place(2, 17));
        fates.refused(refusal("chat.raw-2@17"));
        fates.refused(refusal("chat.raw-2@17"));

        assertThat(told).hasSize(1);
    }

    @Test
    void remembersNoMoreThanItIsToldTo() {
        for (int i = 0; i < 3; i++) {
            fates.acknowledged("record " + i, place(0, i));
        }
        for (int i = 0; i < 3; i++) {
            fates.refused(refusal("chat.raw-0@" + i));
        }

        assertThat(told).containsExactly("record 1 TEXT_TOO_LONG", "record 2 TEXT_TOO_LONG");
    }

    @Test
    void doesNotRememberWhatIsLargerThanARefusalOfThePipeline() {
        fates.refused(record(new Rejection("TEXT_TOO_LONG", "x".repeat(100_000), "chat.raw-0@1").toHeaders()));
        fates.acknowledged("mine", place(0, 1));

        assertThat(told).isEmpty();
    }

    @Test
    void forgetsWhatWasWrittenBeforeTheTopicWasMadeAnew() {
        fates.acknowledged("before", place(0, 900));
        fates.acknowledged("behind", place(0, 3));
        fates.refused(refusal("chat.raw-0@900"));
        fates.refused(refusal("chat.raw-0@3"));

        assertThat(told).containsExactly("behind TEXT_TOO_LONG");
    }

    @Test
    void remembersAllThatItIsToldToHoweverMuch() {
        List<Long> refused = new ArrayList<>();
        Fates<Long> many = new Fates<>(Integer.MAX_VALUE, (number, fate) -> refused.add(number));
        for (long i = 0; i < 100_000; i++) {
            many.acknowledged(i, place((int) i % 3, 2 * i));
        }
        for (long i = 0; i < 100_000; i += 1_000) {
            many.refused(refusal("chat.raw-" + i % 3 + "@" + 2 * i));
        }

        assertThat(refused).hasSize(100).startsWith(0L, 1_000L).endsWith(99_000L);
    }

    @Test
    void tellsOnceThatAMessageIsInItsChannelByItsId() {
        fates.expect(event("m1"), "mine");
        fates.expect(event("m2"), "never sent");
        fates.forget(event("m2"));
        fates.arrived(List.of(message(7, "bob", "m1"), message(8, "ada", "m1"), message(9, "ada", "m1"),
                message(10, "ada", "m2")));

        assertThat(told).containsExactly("mine InChannel[position=8]");
    }

    private static RawEvent event(String messageId) {
        return new RawEvent.Message(messageId, "ada", "general", "hola", 1);
    }

    private static PlacedRecord message(long position, String userId, String messageId) {
        return new PlacedRecord(position, new ChannelMessage(messageId, "general",
                new Author(userId, userId), "hola", 1, 1));
    }

    private static RecordMetadata place(int partition, long offset) {
        return new RecordMetadata(new TopicPartition(Topics.RAW, partition), offset, 0, 0, 0, 0);
    }

    private static ConsumerRecord<byte[], byte[]> refusal(String source) {
        return record(new Rejection("TEXT_TOO_LONG", "It is.", source).toHeaders());
    }

    private static ConsumerRecord<byte[], byte[]> record(Headers headers) {
        return new ConsumerRecord<>(Topics.REFUSALS, 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, null, null, headers,
                Optional.empty());
    }
}
