package org.charla.streams;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.charla.protocol.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream thread's producer that remembers from which raw record each of its sends came. Streams itself can't say: by
 * the time that a broker refuses a record, the thread is at another one.
 *
 * <p>It sends topic by topic, some thousand records at once. For each batch that is begun and for each that is full the
 * producer looks at those of all partitions, and sends all of them: with thousands of channels nearly each message had a
 * batch, and that look, of its own.
 *
 * <p>Of all errors, a timeout lets Streams abort the transaction and start the tasks again in the same thread, so that it
 * is told of one where that is to be done. It ignores an aborted transaction, of which it knows already.
 */
final class BlamingProducer extends KafkaProducer<byte[], byte[]> {

    private static final Logger log = LoggerFactory.getLogger(BlamingProducer.class);

    private static final int ASKED_FOR_AT_ONCE = 32;

    /** How many records are held back, of all topics or of each, whichever is more, and how many bytes at most. */
    private static final int MOST_HELD = 1_000;
    private static final int HELD_A_TOPIC = 8;
    private static final int MOST_HELD_BYTES = 8 << 20;

    private final Suspects suspects;
    private final Channels channels;

    /** By their topics, each in order; the stream thread's. */
    private final Map<String, List<Held>> held = new LinkedHashMap<>();
    private int heldRecords;
    private long heldBytes;

    /** A record that is still to be sent. */
    private record Held(ProducerRecord<byte[], byte[]> record, CompletableFuture<RecordMetadata> sent, Callback told)
            implements Callback {

        @Override
        public void onCompletion(RecordMetadata metadata, Exception error) {
            told.onCompletion(metadata, error);
            if (error == null) {
                sent.complete(metadata);
            } else {
                sent.completeExceptionally(error);
            }
        }
    }

    private BlamingProducer(Map<String, Object> settings, Suspects suspects, Channels channels) {
        super(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.suspects = suspects;
        this.channels = channels;
    }

    /** Streams' own clients but for the producers. */
    static final class Supplier extends DefaultKafkaClientSupplier {

        private final Suspects suspects;
        private final Channels channels;

        Supplier(Suspects suspects, Channels channels) {
            this.suspects = suspects;
            this.channels = channels;
        }

        @Override
        public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
            BlamingProducer producer = new BlamingProducer(settings, suspects, channels);
            producer.findChannels();
            return producer;
        }
    }

    /**
     * Finds the channels' partitions, many with one question, while the thread that sends to them gets ready. It would wait for
     * each at its first message, and with each the producer copies all that it knows: 5,000 one by one take a minute.
     */
    private void findChannels() {
        ExecutorService askers = Executors.newFixedThreadPool(ASKED_FOR_AT_ONCE, task -> {
            Thread thread = new Thread(task, "find-channels");
            thread.setDaemon(true);
            return thread;
        });
        channels.names().forEach(channel -> askers.execute(() -> {
            try {
                partitionsFor(Topics.ofChannel(channel));
            } catch (KafkaException e) {
                log.debug("the others are found at their first message", e);
                askers.shutdownNow();
            }
        }));
        askers.shutdown();
    }

    @Override
    public void beginTransaction() {
        suspects.attempt().begin(System.currentTimeMillis());
        super.beginTransaction();
    }

    @Override
    public void commitTransaction() {
        super.commitTransaction();
        suspects.attempt().set(Attempt.Outcome.NO_TRANSACTION);
    }

    @Override
    public void abortTransaction() {
        forget();
        try {
            super.abortTransaction();
        } finally {
            suspects.attempt().set(Attempt.Outcome.NO_TRANSACTION);
        }
    }

    /**
     * Streams commits for its other tasks before it starts one again, though what that one has sent is part of the same
     * transaction. On a timeout it starts the others again as well.
     */
    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        if (suspects.attempt().outcome() == Attempt.Outcome.STARTS_AGAIN) {
            throw new TimeoutException("the transaction is to be aborted");
        }
        release();
        super.sendOffsetsToTransaction(offsets, group);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        Attempt attempt = suspects.attempt();
        attempt.sends(record.topic());
        Source source = attempt.inHand();
        Held last = new Held(record, new CompletableFuture<>(), (metadata, error) -> callback.onCompletion(metadata,
                error == null ? null : judged(attempt, source, record.topic(), error)));
        held.computeIfAbsent(record.topic(), topic -> new ArrayList<>()).add(last);
        heldRecords++;
        heldBytes += length(record.key()) + length(record.value());
        if (heldRecords >= Math.max(MOST_HELD, HELD_A_TOPIC * attempt.topics()) || heldBytes >= MOST_HELD_BYTES) {
            release();
        }
        return last.sent;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Sends what is held back. What goes wrong with a record its callback is told, as of one that was sent at once. */
    private void release() {
        for (List<Held> ofTopic : held.values()) {
            for (Held one : ofTopic) {
                try {
                    super.send(one.record, one);
                } catch (InterruptException e) {
                    throw e;
                } catch (RuntimeException e) {
                    one.onCompletion(null, e);
                }
            }
        }
        forget();
    }

    private void forget() {
        held.clear();
        heldRecords = 0;
        heldBytes = 0;
    }

    @Override
    public void flush() {
        release();
        super.flush();
    }

    /** What Streams is to be told of an error. The first of a transaction is the cause, the others follow from it. */
    private Exception judged(Attempt attempt, Source source, String topic, Exception error) {
        if (attempt.hasFailed() || isAnothersFault(topic, error)) {
            return new TransactionAbortedException("another record of the transaction failed");
        }
        if (suspects.startsAgain(source, "sending to " + topic, error)) {
            attempt.set(Attempt.Outcome.STARTS_AGAIN);
            if (!(error instanceof RetriableException)) {
                Topics.channelOf(topic).ifPresent(channel -> channels.suspect(channel, error));
            }
            return new TimeoutException("processing starts again from the last commit", error);
        }
        attempt.set(Attempt.Outcome.FATAL);
        return error;
    }

    /** A record fails with its batch, without a reason of its own, and with those to topics that are not allowed. */
    private static boolean isAnothersFault(String topic, Exception error) {
        return error.getClass() == KafkaException.class
                || error instanceof TopicAuthorizationException notAllowed
                && !notAllowed.unauthorizedTopics().isEmpty() && !notAllowed.unauthorizedTopics().contains(topic);
    }
}
