package org.charla.client.chat;

import java.util.List;
import java.util.OptionalLong;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.Unread;

/**
 * What a channel begins with.
 *
 * @param last its last messages, oldest first
 * @param changes what happened since the first of these that they don't show, as far as it is known, oldest first: to
 *                other messages, and reactions that were taken back
 * @param answered those that {@code last} answers, as far as they are found
 * @param earlier what else is unread, in front of these, from the position on that was asked for
 * @param next where it goes on live: the position behind all that {@code last} was chosen from; empty while Kafka does
 *             not say
 * @param historyProblem why MongoDB could not be asked; null where it was
 * @param liveProblem why it can't go on live, which trying again doesn't change; null where it can, or Kafka is away
 */
public record Opening(List<PlacedMessage> last, List<PlacedRecord> changes, List<PlacedMessage> answered, Unread earlier,
        OptionalLong next, String historyProblem, String liveProblem) {
}
