package org.charla.access;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The past of channels: from MongoDB as far as it goes, from the topics behind that, where the sink has not come yet.
 * A page costs the same wherever it is. To be used by one thread.
 */
public final class Archive implements AutoCloseable {

    private final Store store;
    private final KafkaAccess kafka;
    private final ChannelTopics topics;
    private final ChannelReader.Complaints complaints;

    /** Made when it is needed first. */
    private ChannelReader reader;

    public Archive(Store store, KafkaAccess kafka, ChannelReader.Complaints complaints) {
        this.store = store;
        this.kafka = kafka;
        this.topics = new ChannelTopics(kafka, store);
        this.complaints = complaints;
    }

    /** Where the positions of its channels begin; until this is closed. */
    public ChannelTopics topics() {
        return topics;
    }

    /**
     * What a channel begins with.
     *
     * @param last its last messages, oldest first
     * @param changes what happened since the first of these that they don't show, as far as Kafka said: to other
     *                messages, and reactions that were taken back; the last ones, oldest first
     * @param next where it goes on live: the position behind all that {@code last} was chosen from; empty where Kafka
     *             did not say
     * @param storeFailure why MongoDB could not be asked; null where it was
     * @param kafkaFailure why it can't go on live, which trying again doesn't change; null where it can, or Kafka is
     *                     away
     */
    public record Beginning(List<PlacedMessage> last, List<PlacedRecord> changes, OptionalLong next,
            AccessFailure storeFailure, AccessFailure kafkaFailure) {
    }

    /**
     * What a channel begins with, whichever of the servers is away.
     *
     * @param live whether Kafka may be asked
     */
    public Beginning open(String channel, int count, boolean live) {
        List<PlacedMessage> stored = List.of();
        AccessFailure problem = null;
        try {
            stored = store.history(channel, count, Long.MAX_VALUE);
        } catch (AccessFailure e) {
            problem = e;
            topics.storeIsSilent();
        }
        if (live) {
            try {
                ChannelReader.Opened opened = reader().open(channel, count, stored);
                return new Beginning(opened.last(), opened.changes(), OptionalLong.of(opened.next()), problem, null);
            } catch (ServerAway e) {
                // What the store has is shown, and the rest when Kafka answers.
            } catch (AccessFailure e) {
                return new Beginning(stored, List.of(), OptionalLong.empty(), problem, e);
            }
        }
        return new Beginning(stored, List.of(), OptionalLong.empty(), problem, null);
    }

    /**
     * Messages of the past.
     *
     * @param complete whether nothing is missing behind them
     */
    public record Page(List<PlacedMessage> messages, boolean complete) {
    }

    /**
     * The last messages in front of a position.
     *
     * @throws AccessFailure if MongoDB can't be asked
     */
    public Page page(String channel, int count, long before, boolean live) {
        List<PlacedMessage> stored = store.history(channel, count, before);
        // The sink writes a channel in order: where it is ahead of the page, it has all of it.
        if (store.newest(channel).orElse(-1) >= before) {
            return new Page(stored, true);
        }
        if (live) {
            try {
                return new Page(reader().before(channel, before, count, stored), true);
            } catch (AccessFailure e) {
                // Kafka has gone; what the store has is true as far as it goes.
            }
        }
        return new Page(stored, false);
    }

    /**
     * The message at a position, from MongoDB or, where the sink has not come yet, from its channel's topic; empty where
     * there is none, or something else.
     *
     * @throws AccessFailure if neither can be asked
     */
    public Optional<PlacedMessage> at(String channel, long position) {
        AccessFailure problem = null;
        try {
            Optional<PlacedMessage> stored = store.at(channel, position);
            if (stored.isPresent()) {
                return stored;
            }
        } catch (AccessFailure e) {
            problem = e;
            topics.storeIsSilent();
        }
        Optional<PlacedMessage> found = reader().at(channel, position);
        if (found.isEmpty() && problem != null) {
            throw problem;
        }
        return found;
    }

    /**
     * What somebody has not read of a part of a channel: exactly, where both servers answer; otherwise as far as the one
     * goes that does.
     *
     * @param userId whose own messages don't count
     * @param names that they go by
     * @param mentions whether a message speaks of them
     * @param from where the part begins
     * @param to the position behind it
     * @param live whether Kafka may be asked
     */
    public Unread unread(String channel, String userId, List<String> names, Predicate<PlacedMessage> mentions,
            long from, long to, boolean live) {
        Unread unread = Unread.NOTHING;
        long storedUpTo = from;
        try {
            unread = store.unread(channel, userId, names, from, to);
            // The sink writes a channel in order.
            storedUpTo = Math.max(from, store.newest(channel).orElse(-1) + 1);
        } catch (AccessFailure e) {
            // It was said already that MongoDB is away.
            topics.storeIsSilent();
        }
        if (live && storedUpTo < to) {
            try {
                return unread.and(reader().unread(channel, userId, mentions, storedUpTo, to));
            } catch (AccessFailure e) {
                // Kafka has gone; what the store has is true as far as it goes.
            }
        }
        return unread;
    }

    private ChannelReader reader() {
        if (reader == null) {
            reader = new ChannelReader(kafka, topics, complaints);
        }
        return reader;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
        topics.close();
    }
}
