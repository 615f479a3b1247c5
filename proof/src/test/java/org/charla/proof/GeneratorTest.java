package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private static final long NOW = 1_763_791_200_000L;
    private static final int EVENTS = 20_000;

    private static List<ProducerRecord<byte[], byte[]>> events(long seed) {
        return Stream.generate(new Generator(seed, 200, 10, () -> NOW)::next).limit(EVENTS).toList();
    }

    private static String described(ProducerRecord<byte[], byte[]> event) {
        return event.partition() + " " + text(event.key()) + " " + text(event.value()) + " "
                + (event.headers().lastHeader(Signature.HEADER) == null ? ""
                        : Hash.of(event.headers().lastHeader(Signature.HEADER).value()));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    @Test
    void writesTheSameForTheSameSeedAndOthersForAnother() {
        List<String> first = events(1).stream().map(GeneratorTest::described).toList();

        assertThat(events(1).stream().map(GeneratorTest::described).toList()).isEqualTo(first);
        assertThat(events(2).stream().map(GeneratorTest::described).toList()).isNotEqualTo(first);
    }

    /** What others write first may be refused later for other reasons; by the record alone all kinds are there. */
    @Test
    void writesAllTypesAndAllThatTheRecordAloneIsRefusedFor() {
        Set<Code> refused = EnumSet.noneOf(Code.class);
        Set<Event.Type> types = EnumSet.noneOf(Event.Type.class);
        Set<String> rules = new TreeSet<>();
        for (ProducerRecord<byte[], byte[]> event : events(3)) {
            int partition = event.partition() != null ? event.partition()
                    : BuiltInPartitioner.partitionForKey(event.key(), Generator.PARTITIONS);
            Reading reading = Reading.of(new ConsumerRecord<>(Oracle.RAW, partition, 0, NOW, TimestampType.LOG_APPEND_TIME,
                    0, 0, event.key(), event.value(), event.headers(), Optional.empty()), Generator.PARTITIONS);
            if (reading.refusal() != null) {
                refused.add(reading.refusal());
            } else {
                types.add(reading.event().type());
                if (reading.event().rule() != null) {
                    rules.add(reading.event().rule());
                }
            }
        }

        assertThat(refused).isEqualTo(EnumSet.range(Code.MALFORMED, Code.INVALID_SENT_AT));
        assertThat(types).isEqualTo(EnumSet.allOf(Event.Type.class));
        assertThat(rules).containsExactly("moderator", "mute", "no-moderator", "owner", "posting",
                "slow-mode", "title", "unmute");
    }
}
