package org.charla.client.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.charla.access.AccessFailure;
import org.charla.access.ChannelTopics;
import org.charla.access.Fates;
import org.charla.access.KafkaAccess;
import org.charla.access.LiveFeed;
import org.charla.access.PlacedRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;

/**
 * Waits for what becomes of events for one channel. Begins to watch where the topics end when it is made.
 * Thread-safe.
 */
final class Confirmations implements AutoCloseable {

    /** What may be on its way at a time; who sends more has to wait. */
    private static final int MAX_OPEN = 10_000;

    private static final Duration GLANCE = Duration.ofMillis(200);

    private final String channel;
    private final Duration timeout;
    private final BiConsumer<Sent, Fates.Fate> listener;
    private final Fates<Sent> fates = new Fates<>(2 * MAX_OPEN, this::told);
    private final LiveFeed feed;

    /** Events by their ids, in the order sent; with the rest, guarded by this. */
    private final Map<String, Sent> open = new LinkedHashMap<>();

    /** Why nothing more will be heard; null: it will. */
    private String failure;

    /**
     * @param topics says positions; stays the caller's to close; null where positions are not wanted
     * @param timeout how long to wait for each event
     * @param listener is told what became of each event, in a thread of its own
     * @throws AccessFailure if Kafka doesn't answer, or the streams app has not made its topics
     */
    Confirmations(KafkaAccess kafka, ChannelTopics topics, String channel, Duration timeout,
            BiConsumer<Sent, Fates.Fate> listener) {
        this.channel = channel;
        this.timeout = timeout;
        this.listener = listener;
        this.feed = LiveFeed.fromNow(kafka, topics, channel, new Ear());
    }

    /** Expects an event that is about to be sent; waits while too many are open. False when waiting has no end. */
    synchronized boolean expect(Sent sent) {
        waitWhile(() -> open.size() >= MAX_OPEN);
        if (sent.event() instanceof RawEvent.InChannel) {
            open.put(sent.event().messageId(), sent);
            fates.expect(sent.event(), sent);
        }
        return !isOver();
    }

    /** No longer expects an event: Kafka didn't take it, or it is known what became of it. */
    synchronized void forget(Sent sent) {
        open.remove(sent.event().messageId());
        fates.forget(sent.event());
        notifyAll();
    }

    /** Kafka has an event. */
    void acknowledged(Sent sent, RecordMetadata place) {
        fates.acknowledged(sent, place);
    }

    /**
     * Waits until it is known what became of each event, or for as long as it was told to.
     *
     * @return what is not known, as a sentence
     */
    synchronized Optional<String> await() {
        waitWhile(() -> !open.isEmpty());
        if (open.isEmpty()) {
            return Optional.empty();
        }
        if (failure != null) {
            return Optional.of(failure);
        }
        Sent oldest = open.values().iterator().next();
        return Optional.of((oldest.line() == 0 ? "the " + oldest.event().type().wireName() + " is"
                : open.size() + " messages, from line " + oldest.line() + " on, are")
                + " written to " + Topics.RAW + ", but after " + timeout.toSeconds() + " s neither in #" + channel
                + " nor refused: is the streams app running?");
    }

    /** They come back in order, so that the oldest is the first to be overdue. */
    private boolean isOver() {
        return failure != null || !open.isEmpty()
                && System.nanoTime() - open.values().iterator().next().nanos() > timeout.toNanos();
    }

    /** Waits until that isn't so, or waiting is over. */
    private synchronized void waitWhile(BooleanSupplier condition) {
        try {
            while (condition.getAsBoolean() && !isOver()) {
                wait(GLANCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
    }

    private void told(Sent sent, Fates.Fate fate) {
        listener.accept(sent, fate);
        forget(sent);
    }

    private synchronized void fail(AccessFailure why) {
        failure = why.getMessage();
        notifyAll();
    }

    @Override
    public void close() {
        feed.close();
    }

    /** Hears of the channel and of refusals, and nothing of how Kafka is: events have a time to come back. */
    private final class Ear implements LiveFeed.Listener {

        @Override
        public void arrived(String name, List<PlacedRecord> records) {
            fates.arrived(records);
        }

        @Override
        public void denied(String name, AccessFailure why) {
            fail(why);
        }

        @Override
        public void refused(ConsumerRecord<byte[], byte[]> record) {
            fates.refused(record);
        }

        @Override
        public void failed(AccessFailure why) {
            fail(why);
        }

        @Override
        public void unreadable(String where, String why) {
        }
    }
}
