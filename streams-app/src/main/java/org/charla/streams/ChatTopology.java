package org.charla.streams;

import static org.charla.streams.StateStores.ACCEPTED_IDS;
import static org.charla.streams.StateStores.TOKEN_BUCKETS;
import static org.charla.streams.StateStores.USERS;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.streams.Judged.Route;

/**
 * From {@code chat.raw} to the channels: validate, deduplicate, identify, limit, obey, route. Keys stay the raw record's
 * bytes up to the sinks, so that all of it is one sub-topology without a repartition topic, and each raw record runs through all
 * steps before the next one starts. What has to be judged channel by channel is left to {@link ChannelTopology}, and what that
 * decided is read from {@code chat.channels}.
 */
final class ChatTopology {

    /** A raw record that is older has waited for others. */
    private static final Duration KEEPING_UP = Duration.ofMillis(30);

    private ChatTopology() {
    }

    /** @param rawPartitions how many {@code chat.raw} has; asked for each record */
    static Topology build(StreamsAppConfig config, Channels channels, Suspects suspects, IntSupplier rawPartitions) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config.kafkaSettings())));
        IdentityRules identityRules = config.identityRules();
        builder.addStateStore(StateStores.acceptedIds(config.deduplicationWindow()));
        builder.addStateStore(StateStores.users());
        builder.addStateStore(StateStores.tokenBuckets());

        Map<String, KStream<byte[], Judged>> routes = builder
                .stream(Topics.RAW, Consumed.with(bytes, bytes)
                        .withTimestampExtractor(new ValidTimestamp()).withName("raw-events"))
                .processValues(() -> new PoisonGuard(suspects), Named.as("guard"))
                .processValues(() -> new CommitPacer(suspects, KEEPING_UP), Named.as("pace-commits"))
                .processValues(() -> new Validator(suspects, rawPartitions), Named.as("validate"))
                .processValues(() -> steps(config, channels, identityRules), Named.as("judge"),
                        ACCEPTED_IDS, USERS, TOKEN_BUCKETS)
                .split(Named.as("route-"))
                .branch((key, event) -> event.route() == Route.CHANNELS, Branched.as("channels"))
                .branch((key, event) -> event.route() == Route.RULES, Branched.as("rules"))
                .branch((key, event) -> event.route() == Route.PROFILES, Branched.as("profiles"))
                .branch((key, event) -> event.route() == Route.REJECTED, Branched.as("rejected"))
                .noDefaultBranch();

        ChannelTopic.write(routes.get("route-channels")
                .map((key, event) -> KeyValue.pair(event.id(), event.toChannelRecord()), Named.as("to-channel-record")));
        routes.get("route-profiles")
                .mapValues(Judged::toUserProfile, Named.as("to-profile-change"))
                .to(Topics.USERS, Produced.with(bytes, Wire.userProfileSerde()).withName("profiles"));
        Rejections.write(routes.get("route-rejected"));

        KStream<byte[], byte[]> requests =
                routes.get("route-rules").process(ChannelRequestWriter::new, Named.as("to-request"));
        if (config.channelsOwned()) {
            requests = requests.merge(routes.get("route-channels").process(ChannelClaims::new, Named.as("claim-channel")),
                    Named.as("rules-and-claims"));
        }
        requests.to(config.topics().channelRequests(), Produced.with(bytes, bytes).withName("channel-requests"));
        // Behind all else: what comes first gives its number to the tasks, which a group has to keep.
        builder.addGlobalStore(new ChannelRulesStore.Builder(), Topics.CHANNELS,
                Consumed.with(bytes, bytes).withName("channel-rules"),
                () -> new ChannelRulesReader(channels, config.channelLimits().max()));
        return builder.build(config.kafkaSettings());
    }

    private static Steps steps(StreamsAppConfig config, Channels channels, IdentityRules identityRules) {
        Duration window = config.deduplicationWindow();
        Deduplicator deduplicator = new Deduplicator(window);
        return new Steps(
                deduplicator,
                new IdentityGuard(identityRules),
                new FloodGuard(config.floodLimit()),
                new ChannelObedience(),
                new EditTargets(window),
                new ChannelGate(channels, config.channelLimits()),
                new AcceptedIdRecorder(deduplicator),
                new UserRecorder());
    }
}
