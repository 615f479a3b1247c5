package org.charla.client.command;

import org.charla.protocol.RawEvent;

/**
 * An event on its way.
 *
 * @param line the line of the input that it comes from; 0 for one of the command line
 * @param nanos when it was sent, by {@link System#nanoTime}
 */
record Sent(long line, RawEvent event, long nanos) {
}
