package org.charla.streams;

import java.util.Optional;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Lets pass what is for a channel when the channel's topic is there, and makes the topic for a message where it may. The sink
 * behind it must never see a missing topic: a send to one poisons the transaction.
 */
final class ChannelGate implements Step {

    /** Why nothing goes to a channel that isn't there, by whoever does not make it. */
    static final Optional<String> MISSING = Optional.of("There is no such channel.");

    private final Channels channels;
    private final ChannelLimits limits;
    private TokenBuckets made;

    ChannelGate(Channels channels, ChannelLimits limits) {
        this.channels = channels;
        this.limits = limits;
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Judged> context) {
        made = new TokenBuckets("channels", limits.perUser(), context);
    }

    @Override
    public Judged take(Judged judged, byte[] key) {
        return judged.route() == Judged.Route.CHANNELS && judged.event() instanceof RawEvent.InChannel event
                && !channels.exists(event.channel()) ? open(judged, event) : judged;
    }

    private Judged open(Judged judged, RawEvent.InChannel event) {
        return channels.open(event.channel(), () -> event instanceof RawEvent.Message
                        ? objection(event.userId(), judged.source().timestamp()) : MISSING)
                .map(reason -> judged.reject(RejectionCode.CHANNEL_LIMIT, reason))
                .orElse(judged);
    }

    private Optional<String> objection(String userId, long now) {
        return limits.objection(channels.names().size()).or(() -> made.draw(userId, now) ? Optional.empty()
                : Optional.of("The user makes too many channels; wait a while."));
    }
}
