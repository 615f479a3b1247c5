package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.charla.access.AccessFailure;
import org.charla.access.KafkaAccess;
import org.charla.access.Refusals;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;

/**
 * Watches what the pipeline makes of one user's events: a message comes back on its channel's topic, whatever is
 * refused on {@link Topics#REJECTED}. Begins to watch where the topics end when it is made. Thread-safe.
 */
final class Confirmations implements AutoCloseable {

    /** What may be on its way at a time; who sends more has to wait. */
    private static final int MAX_OPEN = 10_000;

    private static final Duration POLL = Duration.ofMillis(200);

    /** What became of an event. */
    sealed interface Outcome {
    }

    /** The message is in its channel. */
    record InChannel(long position) implements Outcome {
    }

    /** The event was refused. */
    record Refused(String code, String reason) implements Outcome {
    }

    private final KafkaAccess kafka;
    private final byte[] key;
    private final String channel;
    private final Duration timeout;
    private final BiConsumer<Sent, Outcome> listener;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread watcher = new Thread(this::watch, "charla-confirmations");

    private final Refusals<Sent> refusals = new Refusals<>(2 * MAX_OPEN, this::refused);

    /** By record key of the channel's topic, in the order sent; with the rest, guarded by this. */
    private final Map<String, Sent> messages = new LinkedHashMap<>();

    private RuntimeException failure;

    /**
     * Takes its positions and begins to watch.
     *
     * @param timeout how long to wait for each message
     * @param listener is told what became of each event, in a thread of its own
     */
    Confirmations(KafkaAccess kafka, String userId, String channel, Duration timeout,
            BiConsumer<Sent, Outcome> listener) {
        this.kafka = kafka;
        this.key = userId.getBytes(UTF_8);
        this.channel = channel;
        this.timeout = timeout;
        this.listener = listener;
        this.consumer = kafka.consumer(Map.of());
        try {
            takePositions();
        } catch (AccessFailure e) {
            KafkaAccess.close(consumer);
            throw e;
        } catch (KafkaException e) {
            KafkaAccess.close(consumer);
            throw kafka.failure(e);
        }
        watcher.setDaemon(true);
        watcher.start();
    }

    private void takePositions() {
        List<TopicPartition> existing = new ArrayList<>(KafkaAccess.partitionsOf(consumer, Topics.REJECTED));
        List<TopicPartition> fromTheStart = new ArrayList<>();
        if (Topics.isChannelName(channel)) {
            TopicPartition partition = new TopicPartition(Topics.ofChannel(channel), 0);
            (consumer.partitionsFor(partition.topic()).isEmpty() ? fromTheStart : existing).add(partition);
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(existing);
        consumer.assign(Stream.concat(existing.stream(), fromTheStart.stream()).toList());
        ends.forEach(consumer::seek);
        fromTheStart.forEach(partition -> consumer.seek(partition, 0));
    }

    /** Expects an event that is about to be sent; waits while too many are open. False when waiting has no end. */
    synchronized boolean expect(Sent sent) {
        while (messages.size() >= MAX_OPEN && !isOver()) {
            pause();
        }
        if (sent.event() instanceof RawEvent.Message message) {
            messages.put(ChannelMessage.id(message.userId(), message.messageId()), sent);
        }
        return !isOver();
    }

    /** No longer expects an event: Kafka didn't take it. */
    synchronized void forget(Sent sent) {
        messages.remove(ChannelMessage.id(sent.event().userId(), sent.event().messageId()));
        notifyAll();
    }

    /** Kafka has an event. */
    void acknowledged(Sent sent, RecordMetadata place) {
        refusals.acknowledged(sent, place);
    }

    /**
     * Waits until it is known what became of each message, or for as long as it was told to.
     *
     * @return what is not known, as a sentence
     */
    synchronized Optional<String> await() {
        while (!messages.isEmpty() && !isOver()) {
            pause();
        }
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        if (failure != null) {
            return Optional.of(failure.getMessage());
        }
        Sent oldest = messages.values().iterator().next();
        return Optional.of((oldest.line() == 0 ? "the message is"
                : messages.size() + " messages, from line " + oldest.line() + " on, are")
                + " written to " + Topics.RAW + ", but after " + timeout.toSeconds() + " s neither in #" + channel
                + " nor refused: is the streams app running?");
    }

    /** Messages come back in order, so that the oldest is the first to be overdue. */
    private boolean isOver() {
        return failure != null || !messages.isEmpty()
                && System.nanoTime() - messages.values().iterator().next().nanos() > timeout.toNanos();
    }

    private void pause() {
        try {
            wait(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new CommandFailure("interrupted", e);
        }
    }

    private void watch() {
        try {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (!record.topic().equals(Topics.REJECTED)) {
                        inChannel(record);
                    } else if (Arrays.equals(key, record.key())) {
                        refusals.read(record);
                    }
                }
            }
        } catch (WakeupException e) {
            // Told to end.
        } catch (KafkaException e) {
            fail(kafka.failure(e));
        } catch (AccessFailure e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new CommandFailure("unexpected " + e, e));
        } finally {
            KafkaAccess.close(consumer);
        }
    }

    private synchronized void fail(RuntimeException why) {
        failure = why;
        notifyAll();
    }

    private void inChannel(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String id = new String(record.key(), UTF_8);
        Sent sent;
        synchronized (this) {
            sent = messages.get(id);
        }
        if (sent != null) {
            listener.accept(sent, new InChannel(record.offset()));
            forget(sent);
        }
    }

    private void refused(Sent sent, Rejection rejection) {
        listener.accept(sent, new Refused(rejection.code(), rejection.reason()));
        forget(sent);
    }

    @Override
    public void close() {
        consumer.wakeup();
    }
}
