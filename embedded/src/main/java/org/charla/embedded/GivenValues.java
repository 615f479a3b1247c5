package org.charla.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * Resolves <code>${env:NAME}</code> in connector configurations to what this process knows, where a cluster's worker
 * looks into its environment: the MongoDB URI is known only once the store listens, and it needn't touch a disk.
 * The values are the provider's parameters.
 */
public final class GivenValues implements ConfigProvider {

    private Map<String, String> values = Map.of();

    @Override
    public void configure(Map<String, ?> parameters) {
        Map<String, String> given = new HashMap<>();
        parameters.forEach((name, value) -> given.put(name, value.toString()));
        values = Map.copyOf(given);
    }

    @Override
    public ConfigData get(String path) {
        return new ConfigData(values);
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        Map<String, String> found = new HashMap<>(values);
        found.keySet().retainAll(keys);
        return new ConfigData(found);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
