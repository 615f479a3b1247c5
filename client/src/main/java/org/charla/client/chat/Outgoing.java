package org.charla.client.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRule;
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
    /** The ids of the last events that were refused, or could not be sent. */
    private final Set<String> refused = Collections.newSetFromMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > Outbox.CAPACITY;
        }
    });
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

    /** Sends a text. False where it was not taken, since too much waits already; like what follows. */
    boolean say(String channel, String text) {
        return sendWhatObeys(new RawEvent.Message(ids.get(), person.userId(), channel, text, clock.getAsLong()));
    }

    /** Sends a text that answers a message. */
    boolean reply(ChannelMessage target, String text) {
        return sendWhatObeys(new RawEvent.Message(ids.get(), person.userId(), target.channel(), text,
                Optional.of(target.id()), clock.getAsLong()));
    }

    /** Sends another text for a message. */
    boolean edit(ChannelMessage target, String text) {
        return sendWhatObeys(new RawEvent.Edit(
                ids.get(), person.userId(), target.channel(), target.id(), text, clock.getAsLong()));
    }

    /** Takes a message back. */
    boolean delete(ChannelMessage target) {
        return sendWhatObeys(new RawEvent.Deletion(
                ids.get(), person.userId(), target.channel(), target.id(), clock.getAsLong()));
    }

    /** Sends all that the person thinks of a message. */
    boolean react(ChannelMessage target, List<String> reactions) {
        return sendWhatObeys(new RawEvent.Reaction(
                ids.get(), person.userId(), target.channel(), target.id(), reactions, clock.getAsLong()));
    }

    /** Sends what is to hold in a channel; for so long, in milliseconds, or for ever. */
    boolean rule(String channel, ChannelRule rule, String value, OptionalLong span) {
        long now = clock.getAsLong();
        return sendWhatObeys(new RawEvent.Rule(ids.get(), person.userId(), channel, rule, value,
                span.isEmpty() ? span : OptionalLong.of(now + span.getAsLong()), now));
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
            refused.add(messageId);
            view.say(Notice.NOT_SENT, why, contentOf(event));
        });
    }

    /** The pipeline refused an event. */
    void refused(String messageId, String code, String reason) {
        outbox.settle(messageId).ifPresent(event -> {
            failed = true;
            refused.add(messageId);
            view.say(Notice.REFUSED, code, reason, contentOf(event));
            if (event instanceof RawEvent.Profile profile && profile.displayName().equals(person.displayName())) {
                person.goBack();
            }
        });
    }

    /** Whether the event of this id was refused, or could not be sent. */
    boolean wasRefused(String messageId) {
        return refused.contains(messageId);
    }

    /** Something stands in its channel. */
    void inChannel(String messageId) {
        outbox.settle(messageId);
    }

    /** What becomes of what was for this channel will not be known. */
    void giveUp(String channel, String why) {
        outbox.giveUp(channel).forEach(event -> refuse(contentOf(event), why));
    }

    /**
     * The channel goes on at another place than before.
     *
     * @param missing whether messages in front of it may have been read by nobody
     */
    void reopened(String channel, boolean missing) {
        outbox.pass(channel, missing);
    }

    /** Tells why what the person wanted can't be done, and so is not sent. */
    void cannot(Notice notice, Object... arguments) {
        failed = true;
        view.say(notice, arguments);
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

    /** Whether an event was refused, or could not be sent, or something else could not be done. */
    boolean hasFailed() {
        return failed;
    }

    /** How much has not come back. */
    int unsettled() {
        return outbox.unsettled();
    }

    /** What has not come back, in order. */
    List<StatusLine.Pending> pending() {
        return outbox.pending();
    }

    /** Whether Kafka has had a message for long and the pipeline has said nothing. */
    boolean hasStalled() {
        return outbox.hasStalledSince(clock.getAsLong() - PIPELINE_PATIENCE_MS);
    }

    private static String contentOf(RawEvent event) {
        return switch (event.type()) {
            case MESSAGE -> ((RawEvent.Message) event).text();
            case EDIT -> ((RawEvent.Edit) event).text();
            case DELETION -> "/delete";
            case REACTION -> "/react " + String.join(" ", ((RawEvent.Reaction) event).reactions());
            case RULE -> ((RawEvent.Rule) event).rule().wireName() + ' ' + ((RawEvent.Rule) event).value();
            case PROFILE -> ((RawEvent.Profile) event).displayName();
            case PROFILE_REMOVAL -> "";
        };
    }
}
