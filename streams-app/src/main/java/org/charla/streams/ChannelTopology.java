package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/**
 * From rules and claims, channel by channel, to {@code chat.channels}. An application of its own beside that of
 * {@link ChatTopology}, which asks it and goes by what it says: a broker takes no group whose stores are others than before.
 */
final class ChannelTopology {

    /** What is asked has waited for a commit already. */
    private static final Duration KEEPING_UP = Duration.ofSeconds(1);

    private ChannelTopology() {
    }

    static Topology build(StreamsAppConfig config, Channels channels, Suspects suspects) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        String requests = config.topics().channelRequests();
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config.channelsKafkaSettings())));
        builder.addStateStore(StateStores.rules());
        builder.addStateStore(StateStores.acceptedRules(config.deduplicationWindow()));

        KStream<byte[], Ruled> ruled = builder
                .stream(requests, Consumed.with(bytes, bytes)
                        .withTimestampExtractor(new ValidTimestamp()).withName("channel-requests"))
                .processValues(() -> new PoisonGuard(suspects), Named.as("guard"))
                .processValues(() -> new CommitPacer(suspects, KEEPING_UP), Named.as("pace-commits"))
                .process(() -> new RequestReader(suspects, requests), Named.as("read-request"))
                .processValues(() -> new ChannelJudge(channels, config.channelLimits(), config.deduplicationWindow()),
                        Named.as("judge"), StateStores.RULES, StateStores.ACCEPTED_RULES);

        ruled.filter((user, decision) -> decision.rules().isPresent(), Named.as("select-accepted"))
                .map((user, decision) -> KeyValue.pair(decision.rules().get().channel(), decision.rules().get()),
                        Named.as("to-channel-rules"))
                .to(Topics.CHANNELS, Produced.with(Serdes.String(), Wire.channelRulesSerde()).withName("channel-rules"));
        ChannelTopic.write(ruled.filter((user, decision) -> decision.isRule(), Named.as("select-rules"))
                .map((user, decision) -> KeyValue.pair(decision.judged().id(), decision.judged().toChannelRecord()),
                        Named.as("to-channel-record")));
        Rejections.write(ruled.filter((user, decision) -> !decision.judged().isAccepted(), Named.as("select-rejected"))
                .mapValues(Ruled::judged, Named.as("rejected")));
        return builder.build(config.channelsKafkaSettings());
    }
}
