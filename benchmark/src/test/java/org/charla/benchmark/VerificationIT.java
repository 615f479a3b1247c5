package org.charla.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.benchmark.Workload.Fate;
import org.charla.embedded.EmbeddedKafka;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a contender did wrong is found: here the test is the contender. */
class VerificationIT {

    private static final long EVENTS = Workload.USERS + 400;

    private final Workload workload = Workload.synthetic(2);
    private final ServerFaults faults = new ServerFaults();
    private EmbeddedKafka kafka;
    private KafkaProducer<byte[], byte[]> producer;
    /** Of the events that become messages, and of those that are refused. */
    private final List<Long> messages = new ArrayList<>();
    private final List<Long> refused = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        kafka = EmbeddedKafka.start(Checkout.BROKER, folder, 0, faults);
        Backlog.makeTopics(kafka.bootstrapServers(), workload);
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(), new ByteArraySerializer());
        LongStream.range(0, EVENTS).filter(i -> workload.fate(i) == Fate.MESSAGE).forEach(messages::add);
        LongStream.range(0, EVENTS).filter(i -> workload.fate(i) == Fate.REJECTED).forEach(refused::add);
    }

    @AfterEach
    void stop() {
        producer.close();
        kafka.close();
        faults.assertNone();
    }

    @Test
    void findsNothingWrongWithWhatIsRight() {
        assertThat(found("The ", 0, true)).isEmpty();
    }

    @Test
    void findsAMessageThatIsLost() {
        long lost = messages.remove(messages.size() / 2);
        assertThat(found("The ", 0, true)).containsExactly("event " + lost + " is lost");
    }

    @Test
    void findsAMessageThatIsRepeatedWhereThatIsAFault() {
        messages.add(messages.get(7));
        assertThat(found("The ", 0, true)).singleElement().asString().contains("repeats event " + messages.get(7));
    }

    @Test
    void forgivesARepetitionToWhatDoesNotClaimOtherwise() {
        messages.add(messages.get(7));
        assertThat(found("The ", 0, false)).isEmpty();
    }

    @Test
    void findsMessagesOutOfTheirAuthorsOrder() {
        Collections.reverse(messages);
        assertThat(found("The ", 0, true)).anyMatch(fault -> fault.contains("of its author"));
    }

    @Test
    void findsMessagesThatAreNotEnriched() {
        assertThat(found("", 0, true)).anyMatch(fault -> fault.contains("is not what was sent"));
    }

    @Test
    void findsMessagesInAnothersChannel() {
        assertThat(found("The ", 1, true)).anyMatch(fault -> fault.contains("is not what was sent"));
    }

    @Test
    void findsThatARefusalIsMissing() {
        refused.remove(0);
        assertThat(found("The ", 0, true)).singleElement().asString().contains("were refused instead of");
    }

    /** Delivers, and has it checked. */
    private List<String> found(String beforeUserId, int channelsOff, boolean exactlyOnce) {
        for (long i : messages) {
            RawEvent.Message event = (RawEvent.Message) ((Judgement.Accepted)
                    EventRules.judge(workload.key(i), workload.value(i), System.currentTimeMillis())).event();
            ChannelMessage message = new ChannelMessage(event.messageId(), event.channel(), new Author(
                    event.userId(), beforeUserId + event.userId()), event.text(), event.sentAt(), 1);
            int channel = Integer.parseInt(event.channel().substring(1));
            String topic = Topics.ofChannel(workload.channel((channel + channelsOff) % workload.channels()));
            producer.send(new ProducerRecord<>(topic, message.id().getBytes(UTF_8),
                    Wire.channelMessageSerde().serializer().serialize(topic, message)));
        }
        for (long i : refused) {
            producer.send(new ProducerRecord<>(Topics.REJECTED, null, null, workload.key(i), workload.value(i),
                    new Rejection("EMPTY_TEXT", "No text.", "chat.raw-0@" + i).toHeaders()));
        }
        producer.flush();
        return Verification.faults(kafka.bootstrapServers(), workload, EVENTS, exactlyOnce);
    }
}
