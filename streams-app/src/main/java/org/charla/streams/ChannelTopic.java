package org.charla.streams;

import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.Topics;

/** Each message to the topic of its channel. A record for the sake of its name in the topology's description. */
record ChannelTopic() implements TopicNameExtractor<String, ChannelMessage> {

    @Override
    public String extract(String id, ChannelMessage message, RecordContext context) {
        return Topics.ofChannel(message.channel());
    }
}
