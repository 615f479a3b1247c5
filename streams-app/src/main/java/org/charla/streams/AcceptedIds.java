package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.charla.protocol.RawEvent;

/** What stands in the store of accepted ids beside an id: as much of its event as later ones are judged by. */
final class AcceptedIds {

    /** Of all other events, and of those that a version before this one accepted. */
    private static final byte[] NOTHING = new byte[0];

    /** No channel's name begins so. */
    private static final String RULE = "/";

    private AcceptedIds() {
    }

    /**
     * Whether something was kept of an id, within the window around a time, that fulfils a condition. A new leader's clock
     * may be behind the old one's: an id accepted "later" than now is known all the same.
     */
    static boolean anyMatch(
            WindowStore<String, byte[]> store, String id, long now, long windowMs, Predicate<byte[]> condition) {
        try (WindowStoreIterator<byte[]> found = store.fetch(id, Math.max(0, now - windowMs), now + windowMs)) {
            while (found.hasNext()) {
                if (condition.test(found.next().value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What is kept of this event. */
    static byte[] of(RawEvent event) {
        if (event instanceof RawEvent.Message message) {
            return message.channel().getBytes(UTF_8);
        }
        return event instanceof RawEvent.Rule rule ? ofRule(rule) : NOTHING;
    }

    private static byte[] ofRule(RawEvent.Rule rule) {
        return (RULE + rule.channel()).getBytes(UTF_8);
    }

    /** Whether this was kept of a message to the channel. */
    static boolean isMessage(byte[] kept, String channel) {
        return Arrays.equals(kept, channel.getBytes(UTF_8));
    }

    /** Whether this was kept of a rule for the same channel as this one. */
    static boolean isRule(byte[] kept, RawEvent.Rule rule) {
        return Arrays.equals(kept, ofRule(rule));
    }
}
