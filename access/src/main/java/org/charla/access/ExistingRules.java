package org.charla.access;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/** What holds in the channels that have an owner or rules, read from their compacted topic. */
public final class ExistingRules {

    private final CompactedTopic<ChannelRules> topic;

    public ExistingRules(KafkaAccess kafka) {
        this.topic = new CompactedTopic<>(kafka, Topics.CHANNELS, Wire::readChannelRules, ChannelRules::channel);
    }

    /**
     * All of them by their channels, as of now.
     *
     * @throws AccessFailure if Kafka doesn't answer, or the streams app has not made their topic
     */
    public Map<String, ChannelRules> all() {
        return topic.all();
    }

    /**
     * Those of this channel, as of now; empty where it has none.
     *
     * @throws AccessFailure if Kafka doesn't answer, or the streams app has not made their topic
     */
    public Optional<ChannelRules> find(String channel) {
        return topic.find(channel);
    }

    /** Tells of the rules that a record of the topic holds, where it holds some. */
    void tell(ConsumerRecord<byte[], byte[]> record, Consumer<ChannelRules> listener) {
        topic.tell(record, (channel, rules) -> listener.accept(rules == null ? ChannelRules.none(channel) : rules));
    }
}
