package org.charla.client.chat;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;

/** What holds in the channels, as far as it has been heard of, and what of it concerns the person. */
final class Rulings {

    /** How much of all channels' rules is remembered, in characters: others may make many, and fill them. */
    static final int REMEMBERED = 4_000_000;

    /** What something takes beside its text, in characters. */
    private static final int OVERHEAD = 50;

    /** In so much time comes what a topic has of former rules, and who ruled, in milliseconds. */
    static final long SETTLED_MS = 1_000;

    private final Person person;
    private final View view;
    private final LongSupplier clock;

    /** By channel, the one that was heard of last at the end. */
    private final Map<String, ChannelRules> rules = new LinkedHashMap<>();
    private long remembered;
    /** Whether all may be read, and nothing had to be forgotten. */
    private boolean complete = true;
    /** When that was. */
    private final Map<String, Long> heard = new HashMap<>();
    /** The titles that the person was told of, of open channels; empty where there was none. */
    private final Map<String, String> told = new HashMap<>();
    /** When the person's last message came into a channel. */
    private final Map<String, Long> said = new HashMap<>();

    /** When Kafka could be read first. */
    private OptionalLong connected = OptionalLong.empty();

    Rulings(Person person, View view, LongSupplier clock) {
        this.person = person;
        this.view = view;
        this.clock = clock;
    }

    /** Kafka can be read: it says by and by what holds in each channel. */
    void connected() {
        connected = connected.isPresent() ? connected : OptionalLong.of(clock.getAsLong());
    }

    /** What holds in channels may not be read. */
    void denied() {
        complete = false;
    }

    /** Whether it is known what holds in a channel; where nothing was heard of it, nothing was ruled, as a rule. */
    boolean isKnown(String channel) {
        return rules.containsKey(channel)
                || complete && connected.isPresent() && clock.getAsLong() - connected.getAsLong() >= SETTLED_MS;
    }

    /** What holds in a channel; what is older than that is known already. Where nothing does any more, nothing is older. */
    void ruled(ChannelRules newest) {
        boolean isNothing = newest.equals(ChannelRules.none(newest.channel()));
        if (isNothing || of(newest.channel()).updatedAt() <= newest.updatedAt()) {
            ChannelRules former = rules.remove(newest.channel());
            remembered += sizeOf(newest) - (former == null ? 0 : sizeOf(former));
            rules.put(newest.channel(), newest);
            heard.put(newest.channel(), clock.getAsLong());
            makeRoom();
        }
    }

    /** Those that were heard of longest ago go, but not of the channels that are open. */
    private void makeRoom() {
        for (Iterator<ChannelRules> all = rules.values().iterator(); remembered > REMEMBERED && all.hasNext();) {
            ChannelRules eldest = all.next();
            complete = false;
            if (!told.containsKey(eldest.channel())) {
                remembered -= sizeOf(eldest);
                heard.remove(eldest.channel());
                all.remove();
            }
        }
    }

    private static long sizeOf(ChannelRules rules) {
        return OVERHEAD * (2L + rules.moderators().size() + rules.muted().size()) + rules.title().length()
                + rules.moderators().stream().mapToInt(String::length).sum()
                + rules.muted().stream().mapToInt(mute -> mute.userId().length()).sum();
    }

    ChannelRules of(String channel) {
        return rules.getOrDefault(channel, ChannelRules.none(channel));
    }

    /** Whether this is the id of somebody of whom something holds in a channel. */
    boolean isOfSomebody(String channel, String userId) {
        ChannelRules holding = of(channel);
        return holding.isRuledBy(userId) || holding.muted().stream().anyMatch(mute -> mute.userId().equals(userId));
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
