package org.charla.client;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.charla.client.chat.Opening;
import org.charla.client.chat.PlacedMessage;

/**
 * The past of channels: from MongoDB as far as it goes, from the topics behind that, where the sink has not come yet.
 * A page costs the same wherever it is. To be used by one thread.
 */
final class Archive implements AutoCloseable {

    private final Store store;
    private final KafkaAccess kafka;
    private final ChannelReader.Complaints complaints;
    private final Function<CommandFailure, String> why;

    /** Made when it is needed first. */
    private ChannelReader reader;

    /** @param why puts into words why a server can't be asked */
    Archive(Settings settings, ChannelReader.Complaints complaints, Function<CommandFailure, String> why) {
        this.store = new Store(settings.mongodbUri());
        this.kafka = new KafkaAccess(settings);
        this.complaints = complaints;
        this.why = why;
    }

    Store store() {
        return store;
    }

    /**
     * What a channel begins with, whichever of the servers is away.
     *
     * @param live whether Kafka may be asked
     */
    Opening open(String channel, int count, boolean live) {
        List<PlacedMessage> stored = List.of();
        String problem = null;
        try {
            stored = store.history(channel, count, Long.MAX_VALUE);
        } catch (CommandFailure e) {
            problem = why.apply(e);
        }
        if (live) {
            try {
                ChannelReader.Opening opening = reader().open(channel, count, stored);
                return new Opening(opening.last(), OptionalLong.of(opening.next()), problem, null);
            } catch (ServerAway e) {
                // What the store has is shown, and the rest when Kafka answers.
            } catch (CommandFailure e) {
                return new Opening(stored, OptionalLong.empty(), problem, why.apply(e));
            }
        }
        return new Opening(stored, OptionalLong.empty(), problem, null);
    }

    /**
     * Messages of the past.
     *
     * @param complete whether nothing is missing behind them
     */
    record Page(List<PlacedMessage> messages, boolean complete) {
    }

    /**
     * The last messages in front of a position.
     *
     * @throws CommandFailure if MongoDB can't be asked
     */
    Page page(String channel, int count, long before, boolean live) {
        List<PlacedMessage> stored = store.history(channel, count, before);
        // The sink writes a channel in order: where it is ahead of the page, it has all of it.
        if (store.newest(channel).orElse(-1) >= before) {
            return new Page(stored, true);
        }
        if (live) {
            try {
                return new Page(reader().before(channel, before, count, stored), true);
            } catch (CommandFailure e) {
                // Kafka has gone; what the store has is true as far as it goes.
            }
        }
        return new Page(stored, false);
    }

    private ChannelReader reader() {
        if (reader == null) {
            reader = new ChannelReader(kafka, complaints);
        }
        return reader;
    }

    /** The channels that have a topic, sorted. */
    List<String> channels() {
        return kafka.channels(KafkaAccess.PATIENCE);
    }

    @Override
    public void close() {
        store.close();
        if (reader != null) {
            reader.close();
        }
    }
}
