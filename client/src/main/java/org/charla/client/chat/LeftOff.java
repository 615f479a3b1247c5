package org.charla.client.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Where the person left off in each channel, last time and since, and the telling of it for the next time. */
final class LeftOff {

    /** How long what was seen may be untold, in milliseconds: so much is lost where the chat is killed. */
    static final long PAUSE_MS = 1_000;

    private final OpenChannels open;
    private final Servers servers;
    private final LongSupplier clock;
    /** As they were told, now or last time. */
    private final Map<String, ReadMark> told = new HashMap<>();
    private final Set<String> toldOpen = new HashSet<>();
    private final List<ReadChange> untold = new ArrayList<>();
    private String looked;
    private long due;

    LeftOff(OpenChannels open, Servers servers, LongSupplier clock) {
        this.open = open;
        this.servers = servers;
        this.clock = clock;
    }

    /** Takes what was told last time. */
    void lastTime(List<ReadMark> marks) {
        marks.forEach(mark -> {
            told.putIfAbsent(mark.channel(), mark);
            if (mark.open()) {
                toldOpen.add(mark.channel());
            }
        });
    }

    /** A channel that was not open goes on where the person left off. */
    void resume(OpenChannel channel) {
        ReadMark mark = told.get(channel.name());
        if (mark != null) {
            channel.leftOff(mark.position(), mark.at());
        }
    }

    /** Takes note of a channel before it is closed. */
    void closing(OpenChannel channel) {
        note(channel, false);
    }

    /** Tells what is new, if it is time. */
    void tick() {
        if (clock.getAsLong() >= due) {
            collect();
            if (!untold.isEmpty()) {
                tell();
            }
        }
    }

    /** Tells what is new, and that the person saw the current channel until now. */
    void leave() {
        looked = null;
        collect();
        tell();
    }

    private void collect() {
        Set<String> closed = new HashSet<>(toldOpen);
        for (OpenChannel channel : open.all()) {
            closed.remove(channel.name());
            if (toldOpen.add(channel.name())) {
                untold.add(new ReadChange.Opened(channel.name()));
            }
            note(channel, channel == open.current() && channel.hasPlace() && !channel.name().equals(looked));
        }
        closed.forEach(name -> untold.add(new ReadChange.Closed(name)));
        toldOpen.removeAll(closed);
        OpenChannel current = open.current();
        looked = current == null || !current.hasPlace() ? looked : current.name();
    }

    private void tell() {
        servers.remember(List.copyOf(untold), open.current() == null ? null : open.current().name());
        untold.clear();
        due = clock.getAsLong() + PAUSE_MS;
    }

    /** @param lookedAt whether it is looked at just now, so that this is news wherever it stands */
    private void note(OpenChannel channel, boolean lookedAt) {
        String name = channel.name();
        channel.takeAnew().ifPresent(end -> {
            untold.add(new ReadChange.Anew(name, end, clock.getAsLong()));
            told.remove(name);
        });
        long before = told.containsKey(name) ? told.get(name).position() : ReadMark.NOWHERE;
        if (channel.seen() > before || channel.seen() == before && before != ReadMark.NOWHERE && lookedAt) {
            ReadMark now = new ReadMark(name, channel.seen(), clock.getAsLong(), true);
            told.put(name, now);
            untold.add(new ReadChange.Seen(name, now.position(), now.at()));
        }
    }
}
