package org.charla.streams;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.RawEvent;

/**
 * Claims a channel that has no owner, as far as {@code chat.channels} was read, for the author of a signed message. Who was
 * first the {@link ChannelJudge} decides. Until its answer is there, a channel's further messages claim nothing.
 */
final class ChannelClaims extends ContextualProcessor<byte[], Judged, byte[], byte[]> {

    private static final int REMEMBERED = 10_000;

    /** The oldest are forgotten, and claimed anew where they still have no owner. */
    private final Map<String, Boolean> claimed = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private ChannelRulesStore channelRules;

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        channelRules = context.getStateStore(ChannelRulesStore.NAME);
        // What was claimed since the last commit may have been abandoned.
        claimed.clear();
    }

    @Override
    public void process(Record<byte[], Judged> record) {
        Judged judged = record.value();
        if (judged.signer().isAuthor() && judged.event() instanceof RawEvent.Message message
                && !isOwned(message.channel()) && claimed.put(message.channel(), true) == null) {
            context().forward(ChannelRequest.write(record));
        }
    }

    private boolean isOwned(String channel) {
        ChannelRules rules = channelRules.get(channel);
        return rules != null && rules.owner().isPresent();
    }
}
