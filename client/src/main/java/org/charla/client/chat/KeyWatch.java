package org.charla.client.chat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;

/**
 * Has the keys of people looked at when they speak: at once when they do so for the first time, and afterwards a moment
 * later, when a change of keys in front of the message has come to MongoDB, too. One question at a time, for all who
 * have spoken meanwhile. Not thread-safe.
 */
final class KeyWatch {

    /** How long the sink takes to write a profile, and then some, in milliseconds. */
    static final long SETTLED_MS = 5_000;
    /** How long MongoDB is left alone when it did not answer, in milliseconds. */
    static final long AFTER_FAILURE_MS = 30_000;

    private static final int MOST_AT_ONCE = 1_000;
    private static final int REMEMBERED = 10_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Servers servers;
    private final LongSupplier clock;
    /** Who has spoken and was not looked at since. */
    private final Set<String> spoke = new LinkedHashSet<>();
    /** Who was looked at. */
    private final Set<String> known = new LinkedHashSet<>();
    private long due = NEVER;
    private long notBefore;
    private List<String> asked = List.of();

    KeyWatch(Servers servers, LongSupplier clock) {
        this.servers = servers;
        this.clock = clock;
    }

    /** Somebody is seen to have spoken; only who has keys can be verified. */
    void spoke(Author author) {
        if (author.verified() && spoke.size() < MOST_AT_ONCE && spoke.add(author.userId())) {
            due = Math.min(due, clock.getAsLong() + (known.contains(author.userId()) ? SETTLED_MS : 0));
        }
    }

    /** Asks, if it is time. */
    void tick() {
        long now = clock.getAsLong();
        if (asked.isEmpty() && now >= due && now >= notBefore) {
            asked = List.copyOf(spoke);
            spoke.clear();
            due = NEVER;
            servers.keys(asked);
        }
    }

    /** The answer to {@link Servers#keys}, or that there is none. */
    void answered(boolean looked) {
        if (looked) {
            known.addAll(asked);
            if (known.size() > REMEMBERED) {
                known.clear();
            }
        } else {
            notBefore = clock.getAsLong() + AFTER_FAILURE_MS;
            spoke.addAll(asked);
            due = notBefore;
        }
        asked = List.of();
    }
}
