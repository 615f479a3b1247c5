package org.charla.streams;

/**
 * What keeps the number of channels, and so of topics, in bounds.
 *
 * @param max how many channels there may be
 * @param perUser how fast one user may make them
 * @param together how fast all users together may make them, whichever instance they come through
 */
record ChannelLimits(int max, RateLimit perUser, RateLimit together) {
}
