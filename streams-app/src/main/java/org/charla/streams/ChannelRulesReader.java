package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/**
 * Reads {@code chat.channels}, while the store is restored as well as afterwards. A record that is not what it should be is
 * skipped: what held before goes on. Of channels that aren't there no more rules are kept than there may be channels, so that
 * nobody fills the memory.
 */
final class ChannelRulesReader implements Processor<byte[], byte[], Void, Void> {

    private final Channels channels;
    private final int maxChannels;
    private ChannelRulesStore store;
    private SkippedRecords skipped;

    ChannelRulesReader(Channels channels, int maxChannels) {
        this.channels = channels;
        this.maxChannels = maxChannels;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(ChannelRulesStore.NAME);
        skipped = new SkippedRecords(Topics.CHANNELS, context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String channel = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (!Topics.isChannelName(channel)) {
            skipped.add("Its key is no channel's name.");
        } else if (record.value() == null) {
            store.remove(channel);
        } else if (store.get(channel) == null && store.size() >= maxChannels && !channels.exists(channel)) {
            skipped.add("There are rules of " + maxChannels + " channels already.");
        } else {
            read(channel, record.value());
        }
    }

    private void read(String channel, byte[] value) {
        try {
            ChannelRules rules = Wire.readChannelRules(value);
            if (!rules.channel().equals(channel)) {
                skipped.add("Its key is another channel's name.");
            } else if (rules.moderators().size() > ChannelRules.MAX_MODERATORS
                    || rules.muted().size() > ChannelRules.MAX_MUTED) {
                skipped.add("It has more moderators or muted users than a channel may have.");
            } else {
                store.put(rules);
            }
        } catch (MalformedJsonException e) {
            skipped.add(e.getMessage());
        }
    }
}
