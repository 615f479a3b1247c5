package org.charla.streams;

import org.charla.protocol.Topics;

/**
 * A raw record by where it stands. Its timestamp tells it from the one that has its offset when the topic is made anew.
 */
record Source(int partition, long offset, long timestamp) {

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return Topics.RAW + '-' + partition + '@' + offset;
    }
}
