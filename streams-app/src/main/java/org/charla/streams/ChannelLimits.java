package org.charla.streams;

/**
 * What keeps the number of channels, and so of topics, in bounds.
 *
 * @param max how many channels there may be
 * @param perUser how fast one user may make them
 */
record ChannelLimits(int max, RateLimit perUser) {
}
