package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.charla.protocol.Topics;
import org.junit.jupiter.api.Test;

class ValidTimestampTest {

    private final ValidTimestamp extractor = new ValidTimestamp();

    @Test
    void isTheRecordsOwn() {
        assertThat(extractor.extract(recordAt(5), 7)).isEqualTo(5);
    }

    @Test
    void isThePartitionsWhereTheRecordHasNone() {
        assertThat(extractor.extract(recordAt(-1), 7)).isEqualTo(7);
    }

    @Test
    void isTheWallClocksWhereThePartitionHasNoneEither() {
        long before = System.currentTimeMillis();
        assertThat(extractor.extract(recordAt(-1), -1)).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void isThePartitionsWhereTheRecordsLiesFurtherAheadThanTopicsTake() {
        long now = System.currentTimeMillis();
        assertThat(extractor.extract(recordAt(now + 3_660_000), 7)).isEqualTo(7);
        assertThat(extractor.extract(recordAt(now + 3_000_000), 7)).isEqualTo(now + 3_000_000);
    }

    private static ConsumerRecord<Object, Object> recordAt(long timestamp) {
        return new ConsumerRecord<>(Topics.RAW, 0, 0, timestamp, TimestampType.CREATE_TIME, 0, 0,
                null, null, new RecordHeaders(), Optional.empty());
    }
}
