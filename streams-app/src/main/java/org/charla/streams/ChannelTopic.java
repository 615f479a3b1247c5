package org.charla.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/** Each record to the topic of its channel. A record for the sake of its name in the topology's description. */
record ChannelTopic() implements TopicNameExtractor<String, ChannelRecord> {

    /** Writes records to the topics of their channels, all of which have to be there. */
    @SuppressWarnings("removal") // A lambda is a StreamPartitioner's one method that isn't default, which is to go.
    static void write(KStream<String, ChannelRecord> records) {
        records.to(new ChannelTopic(), Produced.with(Serdes.String(), Wire.channelRecordSerde())
                // Asking for the partitions makes a topic that vanished fail here, before the send.
                .withStreamPartitioner((topic, id, record, partitions) -> Optional.of(Set.of(0)))
                .withName("channel-records"));
    }

    @Override
    public String extract(String id, ChannelRecord record, RecordContext context) {
        return Topics.ofChannel(record.channel());
    }
}
