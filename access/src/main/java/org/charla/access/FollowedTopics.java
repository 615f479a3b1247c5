package org.charla.access;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The topics of the channels that one consumer follows: turns offsets into positions, and finds out where a topic has come
 * in another's place, which the consumer would go on reading as if nothing had happened. It asks only where the consumer
 * has looked at the cluster's metadata since: a consumer learns another topic's id in no other way, and fetches by it. To be
 * used by the consumer's thread.
 */
final class FollowedTopics {

    private final ChannelTopics topics;
    private final Map<String, ChannelTopics.Topic> followed = new HashMap<>();
    private final AtomicBoolean isDue = new AtomicBoolean(true);

    /** @param topics null where positions are not wanted: offsets are taken for them, whatever becomes of topics */
    FollowedTopics(ChannelTopics topics) {
        this.topics = topics;
    }

    /** The consumer has looked at the cluster's metadata. Thread-safe. */
    void metadataRead() {
        isDue.set(true);
    }

    /** A channel is followed, from now on in the topic that it was found with last. */
    void follow(String channel) {
        if (topics != null) {
            ChannelTopics.Topic before = followed.get(channel);
            ChannelTopics.Topic found = topics.known(channel);
            // Where that is another one than the one that is followed, it is to be found out here.
            if (before == null || before.id().equals(found.id())) {
                followed.put(channel, found);
            }
            if (before == null) {
                isDue.set(true);
            }
        }
    }

    void forget(String channel) {
        followed.remove(channel);
    }

    /** The others are followed no more. */
    void retain(Set<String> channels) {
        followed.keySet().retainAll(channels);
    }

    long offset(String channel, long position) {
        return Math.max(0, position - base(channel));
    }

    long position(String channel, long offset) {
        return base(channel) + offset;
    }

    private long base(String channel) {
        return followed.containsKey(channel) ? followed.get(channel).base() : 0;
    }

    /**
     * The followed channels that have another topic than the one in which they are followed: what was read of them may be of
     * either. To be asked before positions are, whenever something was read.
     *
     * @param read the channels of which something was read; those that are not followed are from now on
     * @throws AccessFailure if Kafka doesn't answer: then it is to be asked again
     */
    Set<String> replaced(Set<String> read) {
        if (topics == null || read.isEmpty()) {
            return Set.of();
        }
        read.stream().filter(channel -> !followed.containsKey(channel)).forEach(this::follow);
        if (!isDue.getAndSet(false)) {
            return Set.of();
        }
        try {
            Set<String> replaced = new HashSet<>();
            topics.ids(followed.keySet()).forEach((channel, id) -> {
                ChannelTopics.Topic before = followed.get(channel);
                if (before.id().isEmpty() && topics.of(channel).base() == before.base()) {
                    followAnew(channel);
                } else if (!before.id().equals(Optional.of(id))) {
                    replaced.add(channel);
                }
            });
            return replaced;
        } catch (AccessFailure e) {
            isDue.set(true);
            throw e;
        }
    }

    /** A channel is followed in the topic that it has by now. */
    void followAnew(String channel) {
        followed.put(channel, topics.of(channel));
    }
}
