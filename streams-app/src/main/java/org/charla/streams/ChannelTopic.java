package org.charla.streams;

import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.Topics;

/** Each record to the topic of its channel. A record for the sake of its name in the topology's description. */
record ChannelTopic() implements TopicNameExtractor<String, ChannelRecord> {

    @Override
    public String extract(String id, ChannelRecord record, RecordContext context) {
        return Topics.ofChannel(record.channel());
    }
}
