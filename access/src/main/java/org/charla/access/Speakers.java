package org.charla.access;

import java.util.List;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;

/**
 * Who has spoken in a channel.
 *
 * @param last those who spoke last, the last one first
 * @param count how many there are in all
 */
public record Speakers(List<Author> last, int count) {
}
