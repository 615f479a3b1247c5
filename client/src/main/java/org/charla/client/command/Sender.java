package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.charla.access.AccessFailure;
import org.charla.access.ChannelTopics;
import org.charla.access.EventProducer;
import org.charla.access.ExistingUsers;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.MessageIds;
import org.charla.access.Store;
import org.charla.client.identity.KeyFolder;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.JsonLine;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSigner;

/**
 * Sends events of one user to one channel, in order and without waiting for one another, and reports what becomes
 * of each: acknowledged by Kafka, or, where it is told to wait, in its channel or refused. What it can't send it
 * reports and counts as failed. To be used by one thread.
 */
final class Sender implements AutoCloseable {

    private static final Map<String, Object> TUNING = Map.of(
            ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 16L * 1024 * 1024);

    private final KafkaAccess kafka;
    private final Console console;
    private final String userId;
    private final String channel;
    private final boolean json;
    private final MessageIds ids = new MessageIds(Clock.systemUTC());
    private final EventProducer producer;

    /** Null where nobody waits. */
    private final Confirmations confirmations;
    /** For positions; null where nobody is told any. */
    private final Store store;
    private final ChannelTopics topics;

    private volatile boolean stopped;
    private volatile boolean failed;
    private volatile boolean outputClosed;

    /** The lines that failed for one and the same reason, told in one line; guarded by this. */
    private String reason;
    private long firstFailed;
    private long lastFailed;

    /** What Kafka says of the user; asked while the producer gets ready. */
    private final CompletableFuture<Optional<UserProfile>> known;
    private final Identities identities;
    private RecordSigner signer;

    /** @param timeout how long to wait for each message to be in its channel or refused; null: not at all */
    Sender(Settings settings, KeyFolder keys, Console console, String channel, boolean json, Duration timeout) {
        this.kafka = settings.kafkaAccess();
        this.console = console;
        this.userId = settings.user();
        this.channel = channel;
        this.json = json;
        this.identities = new Identities(keys, settings.realm());
        this.known = CompletableFuture.supplyAsync(() -> new ExistingUsers(kafka).find(userId));
        boolean tellsPositions = json && timeout != null;
        this.store = tellsPositions ? settings.store() : null;
        this.topics = tellsPositions ? new ChannelTopics(kafka, store) : null;
        // Takes its positions before anything is sent.
        this.confirmations = timeout == null ? null : new Confirmations(kafka, topics, channel, timeout, this::judged);
        this.producer = new EventProducer(kafka, TUNING);
    }

    /**
     * Sends the user's profile, which goes ahead of the messages, and claims the id where nobody has.
     *
     * @throws CommandFailure if it can't be one, or the id is somebody else's: all messages would be refused for the
     *         same reason
     */
    void introduce(String displayName) {
        long now = System.currentTimeMillis();
        RawEvent.Profile profile =
                new RawEvent.Profile(ids.next(), userId, displayName == null ? userId : displayName, now);
        if (EventRules.judge(profile, now) instanceof Rejected rejected) {
            throw new CommandFailure(rejected.code() + ": " + rejected.reason()
                    + (rejected.code() == RejectionCode.INVALID_USER_ID ? " (--user, CHARLA_USER)" : " (--name)"));
        }
        Identity identity = identities.of(userId, known());
        signer = identity.signer();
        send(0, identity.claiming(profile, known()));
    }

    private Optional<UserProfile> known() {
        try {
            return known.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof AccessFailure failure ? failure : e;
        }
    }

    /**
     * Makes sure that the user has a profile and the id is claimed, and leaves the name that the user has.
     *
     * @throws CommandFailure if the id is somebody else's, or can be none
     */
    void introduce() {
        Optional<UserProfile> user = known();
        if (Identity.keysOf(user).isEmpty()) {
            introduce(user.map(UserProfile::displayName).orElse(null));
        } else {
            signer = identities.of(userId, user).signer();
        }
    }

    /** Makes an event of the user's. */
    interface Making {
        RawEvent.InChannel event(String messageId, String userId, long now);
    }

    /** Sends a text, whatever the rules may say about it. Blocks while too much is on its way. */
    void send(long line, String text, Optional<String> replyTo) {
        send(line, (id, user, now) -> new RawEvent.Message(id, user, channel, text, replyTo, now));
    }

    /** Sends an event, whatever the rules may say about it. Blocks while too much is on its way. */
    void send(long line, Making making) {
        send(line, making.event(ids.next(), userId, System.currentTimeMillis()));
    }

    /** Whether Kafka can't be written to any more: nothing further should be sent. */
    boolean isStopped() {
        return stopped;
    }

    /** Reports that something was not accepted, for a reason that has to do with this line alone. */
    void refused(long line, String why) {
        failed = true;
        console.error(where(line, line) + why);
    }

    /** Waits for what is on its way. Whether all of it went well. */
    boolean finish() {
        producer.flush();
        reportFailures();
        if (confirmations != null) {
            confirmations.await().ifPresent(open -> {
                failed = true;
                console.error(open);
            });
        }
        return !failed;
    }

    private void send(long line, RawEvent event) {
        if (stopped) {
            return;
        }
        Sent sent = new Sent(line, event, System.nanoTime());
        if (confirmations != null && !confirmations.expect(sent)) {
            stopped = true;
            confirmations.forget(sent);
            refused(line, "stopped here: this line and what is behind it was not sent");
            return;
        }
        producer.send(event, signer, (place, e) -> {
            if (e != null) {
                failed(sent, e);
            } else {
                acknowledged(sent, place);
            }
        });
    }

    private void acknowledged(Sent sent, RecordMetadata place) {
        if (confirmations != null) {
            confirmations.acknowledged(sent, place);
            return;
        }
        if (sent.event() instanceof RawEvent.InChannel) {
            report(sent, OptionalLong.empty());
        }
        byte[] value = Wire.write(sent.event());
        if (EventRules.judge(userId.getBytes(UTF_8), value, place.timestamp()) instanceof Rejected rejected) {
            refused(sent.line(), rejected.code() + ": " + rejected.reason());
        }
    }

    /** What the pipeline made of it. */
    private void judged(Sent sent, Fates.Fate fate) {
        if (fate instanceof Fates.Refused refused) {
            refused(sent.line(), refused.rejection().code() + ": " + refused.rejection().reason());
        } else if (fate instanceof Fates.InChannel inChannel) {
            report(sent, OptionalLong.of(inChannel.position()));
        }
    }

    private void report(Sent sent, OptionalLong position) {
        if (!json || outputClosed) {
            return;
        }
        try {
            console.line(JsonLine.of(fields -> {
                fields.writeStringField("messageId", sent.event().messageId());
                fields.writeStringField("channel", channel);
                fields.writeStringField("userId", userId);
                if (position.isPresent()) {
                    fields.writeNumberField("position", position.getAsLong());
                }
            }));
        } catch (Console.OutputClosedException e) {
            // Nobody listens any more; what was given to be sent is sent all the same.
            outputClosed = true;
        } catch (CommandFailure e) {
            outputClosed = true;
            refused(0, e.getMessage());
        }
    }

    private void failed(Sent sent, Exception e) {
        failed = true;
        if (confirmations != null) {
            confirmations.forget(sent);
        }
        if (e instanceof RecordTooLargeException) {
            refused(sent.line(), kafka.explain(e));
            return;
        }
        stopped = true;
        boolean hasNoTopic = e instanceof TimeoutException && producer.isConnected() && !kafka.lacksTls();
        fail(sent.line(), hasNoTopic
                ? "Kafka does not take records for " + Topics.RAW + ": is that topic there, which the streams app"
                        + " makes, and are its brokers up?"
                : kafka.explain(e));
    }

    private synchronized void fail(long line, String why) {
        if (why.equals(reason) && line <= lastFailed + 1) {
            // What can't even be queued fails before what has been waiting.
            firstFailed = Math.min(firstFailed, line);
            lastFailed = Math.max(lastFailed, line);
            return;
        }
        reportFailures();
        reason = why;
        firstFailed = line;
        lastFailed = line;
    }

    private synchronized void reportFailures() {
        if (reason != null) {
            console.error(where(firstFailed, lastFailed) + reason);
            if (lastFailed > 0) {
                console.error("stopped there: nothing behind line " + lastFailed + " was sent");
            }
            reason = null;
        }
    }

    private static String where(long first, long last) {
        if (last == 0) {
            return "";
        }
        return first == last || first == 0 && last == 1 ? "line " + last + ": "
                : "lines " + Math.max(1, first) + " to " + last + ": ";
    }

    @Override
    public void close() {
        producer.close();
        if (confirmations != null) {
            confirmations.close();
        }
        if (topics != null) {
            topics.close();
            store.close();
        }
    }
}
