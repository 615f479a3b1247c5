package org.charla.client.chat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.charla.protocol.ChannelRules;

/** What holds in the channels, as far as it has been heard of, and what of it concerns the person. */
final class Rulings {

    /** How many channels' rules are remembered. */
    private static final int REMEMBERED = 10_000;

    private final Person person;
    private final View view;
    private final LongSupplier clock;

    /** By channel, the one that was heard of last at the end. */
    private final Map<String, ChannelRules> rules = new LinkedHashMap<>();
    /** The channels that are open, of whose rules the person has been told. */
    private final Set<String> told = new HashSet<>();
    /** When the person's last message came into a channel. */
    private final Map<String, Long> said = new HashMap<>();

    Rulings(Person person, View view, LongSupplier clock) {
        this.person = person;
        this.view = view;
        this.clock = clock;
    }

    /** What holds in a channel; what is older than that is known already. */
    void ruled(ChannelRules newest) {
        if (of(newest.channel()).updatedAt() <= newest.updatedAt()) {
            rules.remove(newest.channel());
            rules.put(newest.channel(), newest);
            if (rules.size() > REMEMBERED) {
                rules.remove(rules.keySet().iterator().next());
            }
        }
    }

    ChannelRules of(String channel) {
        return rules.getOrDefault(channel, ChannelRules.none(channel));
    }

    /** Tells, once while a channel is open, what it is about, and that the person can't speak in it. */
    void enter(String channel) {
        if (!rules.containsKey(channel) || !told.add(channel)) {
            return;
        }
        ChannelRules holding = of(channel);
        if (!holding.title().isEmpty()) {
            view.say(Notice.TITLE, channel, holding.title());
        }
        holding.muteOf(person.userId(), clock.getAsLong())
                .ifPresent(mute -> view.say(Notice.MUTED_HERE, channel, mute.until()));
    }

    /** A channel is open no more. */
    void left(String channel) {
        told.remove(channel);
        said.remove(channel);
    }

    /** A message of the person stands in a channel since this time, in epoch milliseconds. */
    void said(String channel, long at) {
        said.merge(channel, Math.min(at, clock.getAsLong()), Math::max);
    }

    /**
     * How long slow mode keeps the person from sending another message, in milliseconds.
     *
     * @param onItsWay whether one is on its way already
     */
    long slowFor(String channel, boolean onItsWay) {
        ChannelRules holding = of(channel);
        long span = holding.isRuledBy(person.userId()) ? 0 : holding.slowModeSeconds() * 1_000L;
        if (span == 0 || onItsWay) {
            return span;
        }
        return Math.max(0, Optional.ofNullable(said.get(channel)).map(at -> at + span - clock.getAsLong()).orElse(0L));
    }
}
