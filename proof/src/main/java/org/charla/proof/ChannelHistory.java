package org.charla.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What held in a channel and since when, as its topic tells: the rules that were accepted, in their order. When they
 * came into force for messages nobody can tell but within a slack.
 */
final class ChannelHistory {

    /** The first signed message of each partition of chat.raw: one of their authors owns the channel. */
    private final Map<Integer, ChannelEntry> candidates = new HashMap<>();
    /** By their positions. */
    private final Map<Long, ChannelEntry> rules = new LinkedHashMap<>();
    private final List<Rules> states = new ArrayList<>(List.of(Rules.NONE));
    private final List<Long> since = new ArrayList<>(List.of(Long.MIN_VALUE));
    /** The numbers of the states that rules led to, by the positions of these. */
    private final Map<Long, Integer> numbers = new HashMap<>();
    private long firstMessageAt = Long.MAX_VALUE;
    private long lastRuleAt = Long.MIN_VALUE;

    void message(ChannelEntry entry, int rawPartition) {
        firstMessageAt = Math.min(firstMessageAt, entry.acceptedAt());
        if (entry.verified()) {
            candidates.putIfAbsent(rawPartition, entry);
        }
    }

    /** Tells who owned the channel first; before the rules are replayed. */
    void owner(String user) {
        long claimedAt = candidates.values().stream().filter(entry -> entry.userId().equals(user))
                .mapToLong(ChannelEntry::acceptedAt).min().orElse(Long.MIN_VALUE);
        enter(newest().ownedBy(user), claimedAt);
    }

    /** @param position of its record in the channel, above that of the rule before */
    void rule(ChannelEntry entry, long position) {
        rules.put(position, entry);
    }

    /**
     * Applies the rules one after the other, once it is known who owned the channel first.
     *
     * @param objections gets the positions of those to which there is one
     */
    void replay(BiConsumer<Long, Code> objections) {
        rules.forEach((position, rule) -> {
            Code objection = newest().objection(rule.userId(), rule.rule(), rule.value(), rule.acceptedAt());
            if (objection != null) {
                objections.accept(position, objection);
            }
            numbers.put(position, states.size());
            lastRuleAt = Math.max(lastRuleAt, rule.acceptedAt());
            enter(newest().after(rule.rule(), rule.value(), rule.until()), rule.acceptedAt());
        });
    }

    private void enter(Rules state, long at) {
        states.add(state);
        since.add(Math.max(since.get(since.size() - 1), at));
    }

    Rules newest() {
        return states.get(states.size() - 1);
    }

    boolean isCandidate(String user) {
        return candidates.values().stream().anyMatch(entry -> entry.userId().equals(user));
    }

    boolean hasCandidates() {
        return !candidates.isEmpty();
    }

    /** Whether what holds may bear this time: that of the last rule, or else, or where it is later, of a claim. */
    boolean mayBeUpdatedAt(long time) {
        return time == lastRuleAt || time > lastRuleAt
                && candidates.values().stream().anyMatch(entry -> entry.acceptedAt() == time);
    }

    /** {@link Long#MAX_VALUE} where there never was one. */
    long firstMessageAt() {
        return firstMessageAt;
    }

    /** Each of the states that may have been in force at a time. */
    List<Rules> around(long time, long slackMs) {
        int last = states.size() - 1;
        while (last > 0 && since.get(last) > time + slackMs) {
            last--;
        }
        int first = last;
        while (first > 0 && since.get(first) >= time - slackMs) {
            first--;
        }
        return states.subList(first, last + 1);
    }

    /** The number of the state that the rule at this position led to. */
    int number(long position) {
        return numbers.getOrDefault(position, 0);
    }

    /** The states that a rule may have met that stands behind the one that led to the state of this number. */
    List<Rules> from(int number) {
        return states.subList(number, states.size());
    }

    int size() {
        return states.size();
    }
}
