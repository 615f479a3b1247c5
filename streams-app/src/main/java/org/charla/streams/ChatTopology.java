package org.charla.streams;

import static org.charla.streams.StateStores.ACCEPTED_IDS;
import static org.charla.streams.StateStores.TOKEN_BUCKETS;
import static org.charla.streams.StateStores.USERS;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import org.apache.kafka.streams.processor.TaskId;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.streams.Judged.Route;

/**
 * From {@code chat.raw} to the channels: validate, deduplicate, identify, limit, route. Keys stay the raw record's
 * bytes up to the sinks, so that all of it is one sub-topology without a repartition topic, and each raw record runs through all
 * steps before the next one starts.
 */
final class ChatTopology {

    private ChatTopology() {
    }

    /** @param rawPartitions how many {@code chat.raw} has; asked for each record */
    @SuppressWarnings("removal") // A lambda is a StreamPartitioner's one method that isn't default, which is to go.
    static Topology build(StreamsAppConfig config, Channels channels, Suspects suspects, IntSupplier rawPartitions) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config.kafkaSettings())));
        IdentityRules identityRules = config.identityRules();
        Map<TaskId, RecentIds> recentIds = new ConcurrentHashMap<>();
        builder.addStateStore(StateStores.acceptedIds(config.deduplicationWindow()));
        builder.addStateStore(StateStores.users());
        builder.addStateStore(StateStores.tokenBuckets());

        Map<String, KStream<byte[], Judged>> routes = builder
                .stream(Topics.RAW, Consumed.with(bytes, bytes)
                        .withTimestampExtractor(new ValidTimestamp()).withName("raw-events"))
                .processValues(() -> new PoisonGuard(suspects), Named.as("guard"))
                .processValues(() -> new CommitPacer(suspects), Named.as("pace-commits"))
                .processValues(() -> new Validator(suspects, rawPartitions), Named.as("validate"))
                .processValues(() -> new Deduplicator(config.deduplicationWindow(), recentIds),
                        Named.as("deduplicate"), ACCEPTED_IDS)
                .processValues(() -> new IdentityGuard(identityRules), Named.as("identify"), USERS)
                .processValues(() -> new FloodGuard(config.floodLimit()), Named.as("limit"), TOKEN_BUCKETS)
                .processValues(() -> new ChannelGate(channels, config.channelLimits()),
                        Named.as("open-channel"), TOKEN_BUCKETS)
                .processValues(() -> new AcceptedIdRecorder(recentIds), Named.as("remember-id"), ACCEPTED_IDS)
                .processValues(UserRecorder::new, Named.as("remember-user"), USERS)
                .split(Named.as("route-"))
                .branch((key, event) -> event.route() == Route.CHANNELS, Branched.as("messages"))
                .branch((key, event) -> event.route() == Route.PROFILES, Branched.as("profiles"))
                .branch((key, event) -> event.route() == Route.REJECTED, Branched.as("rejected"))
                .noDefaultBranch();

        routes.get("route-messages")
                .map((key, event) -> KeyValue.pair(event.id(), event.toChannelRecord()), Named.as("to-channel-message"))
                .to(new ChannelTopic(), Produced.with(Serdes.String(), Wire.channelRecordSerde())
                        // Asking for the partitions makes a topic that vanished fail here, before the send.
                        .withStreamPartitioner((topic, id, message, partitions) -> Optional.of(Set.of(0)))
                        .withName("channel-messages"));
        routes.get("route-profiles")
                .mapValues(Judged::toUserProfile, Named.as("to-profile-change"))
                .to(Topics.USERS, Produced.with(bytes, Wire.userProfileSerde()).withName("profiles"));
        KStream<byte[], byte[]> rejections =
                routes.get("route-rejected").process(RejectionWriter::new, Named.as("to-rejection"));
        rejections.to(Topics.REJECTED, Produced.with(bytes, bytes).withName("rejections"));
        // Whose it is, and what they wrote, is nobody else's business: who wrote it knows its place.
        rejections.map((key, value) -> KeyValue.<byte[], byte[]>pair(null, null), Named.as("to-refusal"))
                .to(Topics.REFUSALS, Produced.with(bytes, bytes).withName("refusals"));
        return builder.build(config.kafkaSettings());
    }
}
