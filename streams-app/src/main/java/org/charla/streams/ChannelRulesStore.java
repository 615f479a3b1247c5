package org.charla.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.charla.protocol.ChannelRules;

/**
 * What holds in each channel, in memory and as it is asked for: each message is judged by it, and is not to pay for the reading
 * of a record. Filled by {@link ChannelRulesReader} alone, from the beginning of {@code chat.channels} at each start, in one
 * thread; all others may ask.
 */
final class ChannelRulesStore implements StateStore {

    static final String NAME = "channel-rules";

    private final ConcurrentMap<String, RulesInForce> rules = new ConcurrentHashMap<>();
    private volatile boolean open;

    /** Null where nothing was ruled. */
    RulesInForce get(String channel) {
        return rules.get(channel);
    }

    int size() {
        return rules.size();
    }

    void put(ChannelRules newRules) {
        rules.put(newRules.channel(), new RulesInForce(newRules));
    }

    void remove(String channel) {
        rules.remove(channel);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        open = true;
        context.register(root, (key, value) -> {
            throw new IllegalStateException("a global store is restored by its processor");
        });
    }

    @Override
    public void close() {
        open = false;
        rules.clear();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Makes the store; a global one has neither cache nor changelog. */
    static final class Builder implements StoreBuilder<ChannelRulesStore> {

        @Override
        public StoreBuilder<ChannelRulesStore> withCachingEnabled() {
            throw new UnsupportedOperationException("it is in memory");
        }

        @Override
        public StoreBuilder<ChannelRulesStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<ChannelRulesStore> withLoggingEnabled(Map<String, String> config) {
            throw new UnsupportedOperationException("it is a global store");
        }

        @Override
        public StoreBuilder<ChannelRulesStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public ChannelRulesStore build() {
            return new ChannelRulesStore();
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
