package org.charla.client.chat;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;

/** The sending side of a conversation: each event goes out once and in the order typed, and is kept until settled. */
final class Outgoing {

    /** For so long a message that Kafka has may be without a word from the pipeline, in milliseconds. */
    private static final long PIPELINE_PATIENCE_MS = 10_000;

    private final Person person;
    private final Servers servers;
    private final View view;
    private final Supplier<String> ids;
    private final LongSupplier clock;
    private final Predicate<RawEvent> ready;
    private final Outbox outbox = new Outbox();
    private boolean failed;

    /**
     * @param ready whether an event may go out now: Kafka's client is given nothing while Kafka is away, since what is
     *              not given can't be lost or doubled there
     */
    Outgoing(Person person, Servers servers, View view, Supplier<String> ids, LongSupplier clock,
            Predicate<RawEvent> ready) {
        this.person = person;
        this.servers = servers;
        this.view = view;
        this.ids = ids;
        this.clock = clock;
        this.ready = ready;
    }

    /** Tells the pipeline who the person is. */
    void introduce() {
        send(profile(person.displayName()));
    }

    /** Sends a text. False where it was not taken, since too much waits already. */
    boolean say(String channel, String text) {
        return sendWhatObeys(new RawEvent.Message(ids.get(), person.userId(), channel, text, clock.getAsLong()));
    }

    /** Sends another name to go by. False where it was not taken, since too much waits already. */
    boolean rename(String name) {
        return sendWhatObeys(profile(name));
    }

    private RawEvent.Profile profile(String name) {
        return new RawEvent.Profile(ids.get(), person.userId(), name, clock.getAsLong());
    }

    /** What the rules refuse is refused here: otherwise it would be believed until the pipeline says so. */
    private boolean sendWhatObeys(RawEvent event) {
        if (EventRules.judge(event, clock.getAsLong()) instanceof Judgement.Rejected rejected) {
            failed = true;
            view.say(Notice.REFUSED, rejected.code().name(), rejected.reason(), contentOf(event));
            return true;
        }
        return send(event);
    }

    private boolean send(RawEvent event) {
        if (outbox.isFull()) {
            view.say(Notice.QUEUE_FULL, Outbox.CAPACITY);
            return false;
        }
        outbox.add(event);
        sendWaiting();
        return true;
    }

    /** Sends what waits, up to the first that must wait further. */
    void sendWaiting() {
        outbox.drain(ready, servers::send);
    }

    /** Kafka has an event. */
    void acknowledged(String messageId) {
        outbox.acknowledged(messageId, clock.getAsLong()).ifPresent(event -> {
            if (event instanceof RawEvent.Profile profile && !profile.displayName().equals(person.displayName())) {
                person.goBy(profile.displayName());
                view.say(Notice.NAME_CHANGED, person.displayName());
            }
        });
    }

    /** Kafka will not take an event. */
    void notSent(String messageId, String why) {
        outbox.settle(messageId).ifPresent(event -> {
            failed = true;
            view.say(Notice.NOT_SENT, why, contentOf(event));
        });
    }

    /** The pipeline refused an event. */
    void refused(String messageId, String code, String reason) {
        outbox.settle(messageId).ifPresent(event -> {
            failed = true;
            view.say(Notice.REFUSED, code, reason, contentOf(event));
            if (event instanceof RawEvent.Profile profile && profile.displayName().equals(person.displayName())) {
                person.goBack();
            }
        });
    }

    /** A message stands in its channel. */
    void inChannel(String messageId) {
        outbox.settle(messageId);
    }

    /** What becomes of messages to this channel will not be known. */
    void giveUp(String channel, String why) {
        outbox.giveUp(channel).forEach(message -> refuse(message.text(), why));
    }

    /** Tells that a text is not sent. */
    void refuse(String text, String why) {
        failed = true;
        view.say(Notice.NOT_SENT, why, text);
    }

    /** Whether another event is taken. */
    boolean hasRoom() {
        return !outbox.isFull();
    }

    /** Whether an event was refused, or could not be sent. */
    boolean hasFailed() {
        return failed;
    }

    /** How many messages have not come back. */
    int unsettled() {
        return outbox.unsettled();
    }

    /** The messages that have not come back, in order. */
    List<StatusLine.Pending> pending() {
        return outbox.pending();
    }

    /** Whether Kafka has had a message for long and the pipeline has said nothing. */
    boolean hasStalled() {
        return outbox.hasStalledSince(clock.getAsLong() - PIPELINE_PATIENCE_MS);
    }

    private static String contentOf(RawEvent event) {
        if (event instanceof RawEvent.Message message) {
            return message.text();
        }
        return event instanceof RawEvent.Profile profile ? profile.displayName() : "";
    }
}
