package org.charla.streams;

import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.charla.protocol.Wire;

/** What the topologies remember, in stores of each task. */
final class StateStores {

    static final String ACCEPTED_IDS = "accepted-ids";
    static final String TOKEN_BUCKETS = "token-buckets";
    static final String USERS = "users";
    static final String RULES = "rules";
    static final String ACCEPTED_RULES = "accepted-rules";

    /** How far one partition may be behind another. */
    private static final Duration MOST_BEHIND = Duration.ofDays(1);

    private StateStores() {
    }

    /** Ids of accepted events. Its segments drop out once they are older than the window: a store that forgets. */
    static StoreBuilder<?> acceptedIds(Duration window) {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(ACCEPTED_IDS, window, window, false),
                Serdes.String(), Serdes.ByteArray());
    }

    /**
     * As {@code toTable()} would make it, to which earlier versions left it: a group can't go on with other stores than it
     * began with.
     */
    static StoreBuilder<?> users() {
        return Stores.timestampedKeyValueStoreBuilder(
                Stores.persistentTimestampedKeyValueStore(USERS), Serdes.ByteArray(), User.serde())
                .withCachingEnabled();
    }

    static StoreBuilder<?> tokenBuckets() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(TOKEN_BUCKETS), Serdes.String(), Serdes.Long());
    }

    /** What holds in each channel; not in memory, since it may be half a megabyte of each. */
    static StoreBuilder<?> rules() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(RULES), Serdes.String(), Wire.channelRulesSerde());
    }

    /**
     * Ids of accepted rules, by the time of their raw records. They come from all partitions of those, of which some may be
     * far behind others; and an id that is forgotten too soon lets a signed rule be sent again.
     */
    static StoreBuilder<?> acceptedRules(Duration window) {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(ACCEPTED_RULES, window.plus(MOST_BEHIND), window, false),
                Serdes.String(), Serdes.ByteArray());
    }
}
