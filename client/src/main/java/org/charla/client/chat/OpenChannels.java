package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The channels that are open, in the order in which they were opened, and the one of them that is looked at. */
final class OpenChannels {

    private final Map<String, OpenChannel> byName = new LinkedHashMap<>();
    /** In the order in which they were looked at, the current one last. */
    private final Set<OpenChannel> visited = new LinkedHashSet<>();
    private OpenChannel current;
    private int tickets;

    /** The one that is looked at, or null. */
    OpenChannel current() {
        return current;
    }

    Collection<OpenChannel> all() {
        return byName.values();
    }

    /** The channel of this name, or null if it is not open. */
    OpenChannel get(String name) {
        return byName.get(name);
    }

    /** The channel whose last opening has this ticket, or null if there is none any more. */
    OpenChannel byTicket(int ticket) {
        return byName.values().stream().filter(channel -> channel.ticket() == ticket).findFirst().orElse(null);
    }

    boolean isCurrent(int ticket) {
        return current != null && current.ticket() == ticket;
    }

    OpenChannel add(String name) {
        OpenChannel channel = new OpenChannel(name);
        byName.put(name, channel);
        return channel;
    }

    /** Puts the channels of these names first, in this order. */
    void arrange(List<String> names) {
        Map<String, OpenChannel> others = new LinkedHashMap<>(byName);
        byName.clear();
        names.forEach(name -> Optional.ofNullable(others.remove(name)).ifPresent(channel -> byName.put(name, channel)));
        byName.putAll(others);
    }

    /** A ticket that no opening has had. */
    int newTicket() {
        return ++tickets;
    }

    void look(OpenChannel channel) {
        current = channel;
        visited.remove(channel);
        visited.add(channel);
    }

    /** Closes a channel; where it was the current one, none is looked at then. */
    void close(OpenChannel channel) {
        byName.remove(channel.name());
        visited.remove(channel);
        if (channel == current) {
            current = null;
        }
    }

    Optional<OpenChannel> lastLookedAt() {
        return visited.stream().reduce((first, second) -> second);
    }

    /** The one that is so many further than the current one, round and round, if that is another. */
    Optional<OpenChannel> further(int steps) {
        if (current == null) {
            return Optional.empty();
        }
        List<OpenChannel> channels = new ArrayList<>(byName.values());
        OpenChannel channel = channels.get(Math.floorMod(channels.indexOf(current) + steps, channels.size()));
        return Optional.of(channel).filter(other -> other != current);
    }

    /** The one of this number, from 1, if that is another than the current one. */
    Optional<OpenChannel> number(int number) {
        return byName.values().stream().skip(number - 1L).findFirst().filter(channel -> channel != current);
    }

    /** One where something has not been read, with a mention before others. */
    Optional<OpenChannel> unread() {
        return byName.values().stream().filter(OpenChannel::isMentioned).findFirst()
                .or(() -> byName.values().stream().filter(channel -> channel.unread() > 0).findFirst());
    }

    /** Where each channel goes on that goes on by itself. */
    Map<String, Long> positions() {
        Map<String, Long> positions = new LinkedHashMap<>();
        byName.values().stream().filter(OpenChannel::isLive)
                .forEach(channel -> positions.put(channel.name(), channel.next()));
        return positions;
    }

    List<StatusLine.Tab> tabs() {
        return byName.values().stream().map(channel -> new StatusLine.Tab(
                channel.name(), channel == current, channel.unread(), channel.isMentioned())).toList();
    }
}
