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
        /** Whether its record may stand where nobody reads any more. */
        private boolean passed;

        private Entry(RawEvent event) {
            this.event = event;
        }

        /** Whether nothing more will be heard of it, unless it is refused. */
        private boolean isQuiet() {
            return passed && stage == Stage.ACKNOWLEDGED;
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Whether there is no room for another; what says no more, as a rule, makes room. */
    boolean isFull() {
        if (entries.size() >= CAPACITY) {
            entries.values().removeIf(Entry::isQuiet);
        }
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
     * What becomes of what was for this channel will not be known: it is forgotten.
     *
     * @return what has not been handed out
     */
    List<RawEvent.InChannel> giveUp(String channel) {
        List<Entry> given = inChannels().filter(entry -> channelOf(entry).equals(channel)).toList();
        entries.values().removeAll(given);
        return given.stream().filter(entry -> entry.stage == Stage.WAITING)
                .map(entry -> (RawEvent.InChannel) entry.event).toList();
    }

    /**
     * The channel goes on at another place than before, which the records of what was handed out may lie in front of,
     * also where Kafka has not said yet that it has it. Messages are found by their ids all the same, where none is
     * missing; of what changes them only the effect is.
     */
    void pass(String channel, boolean missing) {
        inChannels().filter(entry -> channelOf(entry).equals(channel) && entry.stage != Stage.WAITING
                && (missing || !(entry.event instanceof RawEvent.Message))).forEach(entry -> entry.passed = true);
    }

    /** What is for channels alone: a profile that was acknowledged says no more unless it is refused. */
    int unsettled() {
        return (int) inChannels().count();
    }

    List<StatusLine.Pending> pending() {
        List<StatusLine.Pending> pending = new ArrayList<>();
        inChannels().forEach(entry -> pending.add(new StatusLine.Pending(
                (RawEvent.InChannel) entry.event, entry.stage != Stage.WAITING)));
        return pending;
    }

    /** Whether something was acknowledged before this moment and nothing has been heard of it since. */
    boolean hasStalledSince(long moment) {
        return inChannels().anyMatch(entry -> entry.stage == Stage.ACKNOWLEDGED && entry.acknowledgedAt < moment);
    }

    private Stream<Entry> inChannels() {
        return entries.values().stream()
                .filter(entry -> entry.event instanceof RawEvent.InChannel && !entry.isQuiet());
    }

    private static String channelOf(Entry entry) {
        return ((RawEvent.InChannel) entry.event).channel();
    }
}
