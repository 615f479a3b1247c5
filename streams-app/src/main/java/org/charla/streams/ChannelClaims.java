package org.charla.streams;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.RawEvent;

/**
 * Claims a channel that has no owner, as far as {@code chat.channels} was read, for the author of a signed message. Who was
 * first the {@link ChannelJudge} decides. For a while, in which its answer comes, a channel's further messages claim nothing.
 */
final class ChannelClaims extends ContextualProcessor<byte[], Judged, byte[], byte[]> {

    private static final long AGAIN_AFTER_MS = 60_000;
    private static final int REMEMBERED = 10_000;

    /** When each channel may be claimed again. The oldest are forgotten. */
    private final Map<String, Long> claimedUntil = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private ChannelRulesStore channelRules;

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        channelRules = context.getStateStore(ChannelRulesStore.NAME);
        // What was claimed since the last commit may have been abandoned.
        claimedUntil.clear();
    }

    @Override
    public void process(Record<byte[], Judged> record) {
        Judged judged = record.value();
        if (judged.signer().isAuthor() && judged.event() instanceof RawEvent.Message message
                && !isOwned(message.channel()) && isToBeClaimed(message.channel())) {
            context().forward(ChannelRequest.write(record));
        }
    }

    private boolean isToBeClaimed(String channel) {
        long now = context().currentSystemTimeMs();
        if (claimedUntil.getOrDefault(channel, 0L) > now) {
            return false;
        }
        claimedUntil.put(channel, now + AGAIN_AFTER_MS);
        return true;
    }

    private boolean isOwned(String channel) {
        RulesInForce rules = channelRules.get(channel);
        return rules != null && rules.isOwned();
    }
}
