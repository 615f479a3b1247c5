package org.charla.proof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds in a channel, by docs/contract.md, "What holds in a channel". Immutable.
 *
 * @param owner null where nobody owns it
 * @param muted until when, {@link #FOR_EVER} without an end
 */
record Rules(String title, String owner, List<String> moderators, String posting, int slowModeSeconds,
        Map<String, Long> muted) {

    static final long FOR_EVER = Long.MAX_VALUE;
    static final Rules NONE = new Rules("", null, List.of(), "everyone", 0, Map.of());

    private static final int MOST_MUTED = 500;
    private static final int MOST_MODERATORS = 50;

    Rules ownedBy(String user) {
        return new Rules(title, user, without(moderators, user), posting, slowModeSeconds, without(muted, user));
    }

    boolean isRuledBy(String user) {
        return user.equals(owner) || moderators.contains(user);
    }

    boolean isMuted(String user, long now) {
        return muted.getOrDefault(user, Long.MIN_VALUE) > now;
    }

    /** Why a signed rule is refused; null where it is not. */
    Code objection(String user, String rule, String value, long now) {
        boolean isInvalid = switch (rule) {
            case "mute" -> isRuledBy(value)
                    || !isMuted(value, now) && muted.values().stream().filter(end -> end > now).count() >= MOST_MUTED;
            case "unmute" -> isRuledBy(value);
            case "moderator" -> !isRuledBy(value) && moderators.size() >= MOST_MODERATORS;
            default -> false;
        };
        if (isInvalid) {
            return Code.INVALID_RULE;
        }
        boolean isAllowed = switch (rule) {
            case "moderator", "no-moderator", "owner" -> user.equals(owner);
            default -> isRuledBy(user);
        };
        return isAllowed ? null : Code.NOT_ALLOWED;
    }

    Rules after(String rule, String value, Long until) {
        return switch (rule) {
            case "title" -> new Rules(value, owner, moderators, posting, slowModeSeconds, muted);
            case "posting" -> new Rules(title, owner, moderators, value, slowModeSeconds, muted);
            case "slow-mode" -> new Rules(title, owner, moderators, posting, Integer.parseInt(value), muted);
            case "mute" -> {
                Map<String, Long> more = without(muted, value);
                more.put(value, until == null ? FOR_EVER : until);
                yield new Rules(title, owner, moderators, posting, slowModeSeconds, more);
            }
            case "unmute" -> new Rules(title, owner, moderators, posting, slowModeSeconds, without(muted, value));
            case "moderator" -> {
                List<String> more = new ArrayList<>(moderators);
                if (!isRuledBy(value)) {
                    more.add(value);
                }
                yield new Rules(title, owner, more, posting, slowModeSeconds, without(muted, value));
            }
            case "no-moderator" ->
                    new Rules(title, owner, without(moderators, value), posting, slowModeSeconds, muted);
            case "owner" -> ownedBy(value);
            default -> throw new IllegalArgumentException(rule);
        };
    }

    /** Without the mutes that have ended by then: those may be listed or not. */
    Rules at(long now) {
        Map<String, Long> left = new LinkedHashMap<>(muted);
        left.values().removeIf(end -> end <= now);
        return new Rules(title, owner, moderators, posting, slowModeSeconds, left);
    }

    private static List<String> without(List<String> users, String user) {
        return users.stream().filter(one -> !one.equals(user)).toList();
    }

    private static Map<String, Long> without(Map<String, Long> muted, String user) {
        Map<String, Long> left = new LinkedHashMap<>(muted);
        left.remove(user);
        return left;
    }
}
