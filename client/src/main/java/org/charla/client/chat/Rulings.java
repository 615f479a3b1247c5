package org.charla.client.chat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;

/** What holds in the channels, as far as it has been heard of, and what of it concerns the person. */
final class Rulings {

    /** How many channels' rules are remembered. */
    private static final int REMEMBERED = 10_000;

    /** In so much time comes what a topic has of former rules, and who ruled, in milliseconds. */
    static final long SETTLED_MS = 1_000;

    private final Person person;
    private final View view;
    private final LongSupplier clock;

    /** By channel, the one that was heard of last at the end. */
    private final Map<String, ChannelRules> rules = new LinkedHashMap<>();
    /** When that was. */
    private final Map<String, Long> heard = new HashMap<>();
    /** The titles that the person was told of, of open channels; empty where there was none. */
    private final Map<String, String> told = new HashMap<>();
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
            heard.put(newest.channel(), clock.getAsLong());
            if (rules.size() > REMEMBERED) {
                String eldest = rules.keySet().iterator().next();
                rules.remove(eldest);
                heard.remove(eldest);
            }
        }
    }

    ChannelRules of(String channel) {
        return rules.getOrDefault(channel, ChannelRules.none(channel));
    }

    /**
     * Tells of the channel that is looked at what it is about, once while it is open and when it is another, and that the
     * person can't speak in it.
     */
    void tell(String channel) {
        ChannelRules holding = rules.get(channel);
        if (holding == null || clock.getAsLong() - heard.get(channel) < SETTLED_MS) {
            return;
        }
        String before = told.put(channel, holding.title());
        if (!holding.title().isEmpty() && !holding.title().equals(before)) {
            view.say(Notice.TITLE, channel, holding.title());
        }
        if (before == null) {
            holding.muteOf(person.userId(), clock.getAsLong())
                    .ifPresent(mute -> view.say(Notice.MUTED_HERE, channel, mute.until()));
        }
    }

    /** Something was ruled in an open channel, which the person is told of there. */
    void toldOf(ChannelRecord.Rule rule) {
        if (rule.rule() == ChannelRule.TITLE) {
            told.put(rule.channel(), rule.value());
        }
        if (rule.rule() == ChannelRule.MUTE && rule.value().equals(person.userId())) {
            view.say(Notice.MUTED_BY, rule.author().displayName(), rule.author().userId(), rule.channel(), rule.until());
        }
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
