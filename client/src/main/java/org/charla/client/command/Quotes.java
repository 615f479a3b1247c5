package org.charla.client.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;

/** The messages of channels that were seen last, as they are by now, for what refers to them. Not thread-safe. */
final class Quotes {

    /** Of all channels together: what is older is known by its id. */
    private static final int MOST = 500;

    private record Key(String channel, String id) {
    }

    private final Map<Key, PlacedMessage> seen = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, PlacedMessage> eldest) {
            return size() > MOST;
        }
    };

    void see(PlacedMessage placed) {
        seen.put(new Key(placed.message().channel(), placed.message().id()), placed);
    }

    /** A record that is a message, or may change some. */
    void see(PlacedRecord placed) {
        placed.message().ifPresentOrElse(this::see, () -> placed.target().ifPresent(target -> seen.computeIfPresent(
                new Key(placed.record().channel(), target), (key, message) -> message.after(placed))));
    }

    /** The messages of a channel by their ids. */
    Function<String, Optional<PlacedMessage>> of(String channel) {
        return id -> Optional.ofNullable(seen.get(new Key(channel, id)));
    }
}
