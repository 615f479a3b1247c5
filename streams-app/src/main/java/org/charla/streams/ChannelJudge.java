package org.charla.streams;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;

/**
 * Judges rules and claims of channels, those of a channel one after the other, by what its store says holds there. Drops, and
 * counts, a rule that was accepted before.
 */
final class ChannelJudge extends ContextualFixedKeyProcessor<byte[], Judged, Ruled> {

    private static final byte[] PRESENT = new byte[0];

    /** Of how many channels the rules are kept in memory: to read half a megabyte takes longer than all else. */
    private static final int KEPT = 16;

    private final Channels channels;
    private final ChannelLimits limits;
    private final long windowMs;
    private final Map<String, ChannelRules> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ChannelRules> eldest) {
            return size() > KEPT;
        }
    };
    private KeyValueStore<String, ChannelRules> rulesByChannel;
    private WindowStore<String, byte[]> acceptedRules;
    private Sensor accepted;
    private Sensor duplicates;

    /** @param window for how long ids of accepted rules are remembered */
    ChannelJudge(Channels channels, ChannelLimits limits, Duration window) {
        this.channels = channels;
        this.limits = limits;
        this.windowMs = window.toMillis();
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Ruled> context) {
        super.init(context);
        // What was ruled since the last commit may have been abandoned.
        kept.clear();
        rulesByChannel = context.getStateStore(StateStores.RULES);
        acceptedRules = context.getStateStore(StateStores.ACCEPTED_RULES);
        accepted = Metrics.accepted(context);
        duplicates = Metrics.duplicates(context);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Judged> record) {
        Judged judged = record.value();
        if (!judged.isAccepted()) {
            forward(record, judged, Optional.empty());
        } else if (judged.event() instanceof RawEvent.Rule rule) {
            judge(record, rule);
        } else {
            claim(record, (RawEvent.InChannel) judged.event());
        }
    }

    private void judge(FixedKeyRecord<byte[], Judged> record, RawEvent.Rule rule) {
        Judged judged = record.value();
        if (AcceptedIds.anyMatch(acceptedRules, judged.id(), record.timestamp(), windowMs, kept -> true)) {
            duplicates.record();
            return;
        }
        ChannelRules before = rulesOf(rule.channel());
        boolean byOperator = judged.signer() == Signer.OPERATING_AUTHOR;
        Optional<Rejected> objection = Ruling.objection(before, rule, byOperator, record.timestamp())
                .or(() -> closed(rule.channel(), byOperator));
        if (objection.isPresent()) {
            forward(record, judged.reject(objection.get().code(), objection.get().reason()), Optional.empty());
            return;
        }
        ChannelRules after = Ruling.after(before, rule, record.timestamp());
        put(after);
        acceptedRules.put(judged.id(), PRESENT, record.timestamp());
        accepted.record();
        forward(record, judged, Optional.of(after));
    }

    /** What holds in a channel outlives its topic, but only an operator's rule makes that. */
    private Optional<Rejected> closed(String channel, boolean byOperator) {
        return channels.exists(channel) ? Optional.empty()
                : channels.open(channel, () -> byOperator ? limits.objection(channels.names().size()) : ChannelGate.MISSING)
                        .map(reason -> new Rejected(RejectionCode.CHANNEL_LIMIT, reason));
    }

    /** Who claims what has an owner doesn't know of them: then what holds is said again. */
    private void claim(FixedKeyRecord<byte[], Judged> record, RawEvent.InChannel event) {
        ChannelRules before = rulesOf(event.channel());
        ChannelRules after = before.owner().isPresent() ? before
                : Ruling.claimed(before, event.userId(), record.timestamp());
        put(after);
        forward(record, record.value(), Optional.of(after));
    }

    private ChannelRules rulesOf(String channel) {
        ChannelRules rules = kept.get(channel);
        if (rules == null) {
            rules = Optional.ofNullable(rulesByChannel.get(channel)).orElseGet(() -> ChannelRules.none(channel));
            kept.put(channel, rules);
        }
        return rules;
    }

    private void put(ChannelRules rules) {
        rulesByChannel.put(rules.channel(), rules);
        kept.put(rules.channel(), rules);
    }

    private void forward(FixedKeyRecord<byte[], Judged> record, Judged judged, Optional<ChannelRules> rules) {
        context().forward(record.withValue(new Ruled(judged, rules)));
    }
}
