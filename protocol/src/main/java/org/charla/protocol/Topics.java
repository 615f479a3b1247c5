package org.charla.protocol;

import java.util.Optional;
import java.util.regex.Pattern;

/** The catalogue of topics. Names are fixed; partitions, replication and retention are configuration. */
public final class Topics {

    /** Raw events, written by clients, keyed by user id. */
    public static final String RAW = "chat.raw";

    /** User profiles, keyed by user id; compacted, a tombstone removes the user. */
    public static final String USERS = "chat.users";

    /** What holds in each channel ({@link ChannelRules}), keyed by channel; compacted. */
    public static final String CHANNELS = "chat.channels";

    /** Raw records that were refused, byte for byte, with the reason in their headers ({@link Rejection}). */
    public static final String REJECTED = "chat.rejected";

    /** That, and why, a raw record was refused, for whoever wrote it: the headers of {@link #REJECTED} and nothing else. */
    public static final String REFUSALS = "chat.refusals";

    /** What a sink connector could not write. */
    public static final String SINK_DEAD_LETTERS = "chat.sink.dlq";

    private static final String CHANNEL_PREFIX = "chat.channel.";
    private static final Pattern CHANNEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private Topics() {
    }

    /** Whether this is a legal channel name: {@code [a-z0-9][a-z0-9-]{0,63}}. */
    public static boolean isChannelName(String name) {
        return CHANNEL.matcher(name).matches();
    }

    /**
     * The topic of a channel.
     *
     * @throws IllegalArgumentException if that is not a legal channel name, so that no other topic can be named
     */
    public static String ofChannel(String channel) {
        if (!isChannelName(channel)) {
            throw new IllegalArgumentException("not a channel name: it takes 1 to 64 of a-z, 0-9 and -, "
                    + "and does not start with -");
        }
        return CHANNEL_PREFIX + channel;
    }

    /** The channel whose topic this is, or empty where it is no channel's topic. */
    public static Optional<String> channelOf(String topic) {
        if (!topic.startsWith(CHANNEL_PREFIX)) {
            return Optional.empty();
        }
        return Optional.of(topic.substring(CHANNEL_PREFIX.length())).filter(Topics::isChannelName);
    }
}
