package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.charla.protocol.RawEvent;

/** One's own events from being typed until it is known what became of them, in order and in bounded number. */
final class Outbox {

    /** As many as may wait: more than a person types while Kafka is away. */
    static final int CAPACITY = 1_000;

    private enum Stage {
        WAITING, SENT, ACKNOWLEDGED
    }

    private static final class Entry {

        private final RawEvent event;
        private Stage stage = Stage.WAITING;
        private long acknowledgedAt;

        private Entry(RawEvent event) {
            this.event = event;
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    boolean isFull() {
        return entries.size() >= CAPACITY;
    }

    void add(RawEvent event) {
        entries.put(event.messageId(), new Entry(event));
    }

    /** Hands out what has not been handed out yet, in order, up to the first that must wait. */
    void drain(Predicate<RawEvent> ready, Consumer<RawEvent> sender) {
        for (Entry entry : entries.values()) {
            if (entry.stage == Stage.WAITING) {
                if (!ready.test(entry.event)) {
                    return;
                }
                entry.stage = Stage.SENT;
                sender.accept(entry.event);
            }
        }
    }

    Optional<RawEvent> acknowledged(String messageId, long now) {
        Entry entry = entries.get(messageId);
        if (entry == null) {
            return Optional.empty();
        }
        entry.stage = Stage.ACKNOWLEDGED;
        entry.acknowledgedAt = now;
        return Optional.of(entry.event);
    }

    /** It is known what became of it, and so of the names in front of it, which nobody is told of unless refused. */
    Optional<RawEvent> settle(String messageId) {
        if (!entries.containsKey(messageId)) {
            return Optional.empty();
        }
        for (Iterator<Entry> all = entries.values().iterator(); all.hasNext();) {
            Entry entry = all.next();
            if (entry.event.messageId().equals(messageId)) {
                all.remove();
                return Optional.of(entry.event);
            }
            if (entry.event instanceof RawEvent.Profile && entry.stage == Stage.ACKNOWLEDGED) {
                all.remove();
            }
        }
        throw new IllegalStateException("an entry under another id than its own");
    }

    /**
     * What becomes of messages to this channel will not be known: they are forgotten.
     *
     * @return those that have not been handed out
     */
    List<RawEvent.Message> giveUp(String channel) {
        List<Entry> given = messages().filter(entry -> channelOf(entry).equals(channel)).toList();
        entries.values().removeAll(given);
        return given.stream().filter(entry -> entry.stage == Stage.WAITING)
                .map(entry -> (RawEvent.Message) entry.event).toList();
    }

    /** Messages alone: a profile that was acknowledged says no more unless it is refused. */
    int unsettled() {
        return (int) messages().count();
    }

    List<StatusLine.Pending> pending() {
        List<StatusLine.Pending> pending = new ArrayList<>();
        messages().forEach(entry -> pending.add(new StatusLine.Pending(channelOf(entry),
                ((RawEvent.Message) entry.event).text(), entry.stage != Stage.WAITING)));
        return pending;
    }

    /** Whether a message was acknowledged before this moment and nothing has been heard of it since. */
    boolean hasStalledSince(long moment) {
        return messages().anyMatch(entry -> entry.stage == Stage.ACKNOWLEDGED && entry.acknowledgedAt < moment);
    }

    private Stream<Entry> messages() {
        return entries.values().stream().filter(entry -> entry.event instanceof RawEvent.Message);
    }

    private static String channelOf(Entry entry) {
        return ((RawEvent.Message) entry.event).channel();
    }
}
