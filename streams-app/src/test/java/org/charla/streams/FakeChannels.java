package org.charla.streams;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** A cluster's channels in memory, with refusals and failures to order. */
final class FakeChannels implements Channels {

    final Set<String> made = new LinkedHashSet<>();
    final Map<String, String> refusals = new HashMap<>();
    KafkaException failure;

    @Override
    public boolean exists(String channel) {
        return made.contains(channel);
    }

    @Override
    public Set<String> names() {
        return made;
    }

    @Override
    public Optional<String> open(String channel, Supplier<Optional<String>> objection) {
        if (failure != null) {
            throw failure;
        }
        Optional<String> refused = Optional.ofNullable(refusals.get(channel)).or(objection);
        if (refused.isEmpty()) {
            made.add(channel);
        }
        return refused;
    }

    @Override
    public void suspect(String channel, Exception refusal) {
        refusals.put(channel, refusal.toString());
    }
}
