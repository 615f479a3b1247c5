package org.charla.streams;

import java.util.Optional;

/**
 * What keeps the number of channels, and so of topics, in bounds.
 *
 * @param max how many channels there may be
 * @param perUser how fast one user may make them
 * @param together how fast all users together may make them, whichever instance they come through
 */
record ChannelLimits(int max, RateLimit perUser, RateLimit together) {

    /** Why no channel more may be made where there are so many, in a sentence; empty where one may. */
    Optional<String> objection(int channels) {
        return channels < max ? Optional.empty()
                : Optional.of("There are " + max + " channels, and no more may be made.");
    }
}
