package org.charla.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be ruled in a channel, under the names that the rules have in records, and what its value is. */
public enum ChannelRule {

    /** The channel's title: up to 200 code points without control and format characters; empty removes it. */
    TITLE("title"),

    /** Who may post, as {@link ChannelRules.Posting} names them. */
    POSTING("posting"),

    /** How many seconds lie between two messages of one user, 0 to 21600. */
    SLOW_MODE("slow-mode"),

    /** A user id, whose messages are refused from now on. */
    MUTE("mute"),

    /** A user id, which is no longer muted. */
    UNMUTE("unmute"),

    /** A user id, who may rule too, but for moderators and owner. */
    MODERATOR("moderator"),

    /** A user id, who is no longer moderator. */
    NO_MODERATOR("no-moderator"),

    /** A user id, whose the channel is from now on. */
    OWNER("owner");

    /** The longest title, in code points. */
    public static final int MAX_TITLE_LENGTH = 200;

    /** The longest time between two messages of one user, in seconds. */
    public static final int MAX_SLOW_MODE_SECONDS = 21_600;

    private static final Map<String, ChannelRule> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ChannelRule::wireName, rule -> rule));

    private final String wireName;

    ChannelRule(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** Empty where there is no such rule. */
    public static Optional<ChannelRule> named(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }

    /** Whether the value is one that the rule can take, whatever holds in the channel. */
    boolean takes(String value) {
        return switch (this) {
            case TITLE -> Unicode.isWellFormed(value) && Unicode.length(value) <= MAX_TITLE_LENGTH
                    && Unicode.noneMatch(value, Unicode::isControlOrFormat);
            case POSTING -> ChannelRules.Posting.named(value).isPresent();
            case SLOW_MODE -> value.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(value) <= MAX_SLOW_MODE_SECONDS;
            case MUTE, UNMUTE, MODERATOR, NO_MODERATOR, OWNER -> EventRules.isUserId(value);
        };
    }

    /** What the rule takes, for a person. */
    String domain() {
        return switch (this) {
            case TITLE -> "up to " + MAX_TITLE_LENGTH + " code points without control or format characters";
            case POSTING -> "everyone, verified or moderators";
            case SLOW_MODE -> "a number of seconds from 0 to " + MAX_SLOW_MODE_SECONDS + ", as a string";
            case MUTE, UNMUTE, MODERATOR, NO_MODERATOR, OWNER -> "a user id";
        };
    }
}
