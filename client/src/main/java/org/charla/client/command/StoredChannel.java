package org.charla.client.command;

import java.time.Duration;
import org.charla.access.AccessFailure;
import org.charla.access.Store;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;

/** Tells a channel of which MongoDB has nothing yet from one that does not exist. */
final class StoredChannel {

    /** How long Kafka is waited for where MongoDB has nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private StoredChannel() {
    }

    /**
     * Says so where MongoDB has nothing of a channel.
     *
     * @throws CommandFailure if there is no such channel
     */
    static void require(String channel, Store store, Settings settings, Console console) {
        if (store.isEmpty(channel)) {
            if (!isInKafka(channel, settings)) {
                throw new CommandFailure("there is no channel #" + channel);
            }
            console.error("MongoDB has no message of #" + channel + " yet: is the sink running?");
        }
    }

    /** Nothing in MongoDB may also mean that the sink has not come so far. A Kafka that is away makes no difference. */
    private static boolean isInKafka(String channel, Settings settings) {
        try {
            return settings.kafkaAccess().channels(PATIENCE).contains(channel);
        } catch (AccessFailure e) {
            return false;
        }
    }
}
