package org.charla.client.chat;

import java.util.List;
import java.util.Optional;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.protocol.RawEvent;

/**
 * How a conversation stands, for the lines that are always seen.
 *
 * @param channel the channel that is read and written; null where there is none
 * @param tabs the open channels
 * @param pending one's own messages that have not come back yet, in order
 * @param stalled whether Kafka has had one of them for long without the pipeline saying anything
 * @param slowFor how many seconds slow mode still keeps the person from sending a message; 0: it doesn't
 * @param chosen the message that is meant by what is typed; empty: none
 * @param question what the next line answers; null: it is a message or a command
 */
public record StatusLine(String channel, List<Tab> tabs, List<Pending> pending, Connection connection, boolean stalled,
        long slowFor, Optional<PlacedMessage> chosen, Question question) {

    /** An open channel. */
    public record Tab(String channel, boolean current, long unread, boolean mentioned) {
    }

    /**
     * Something on its way.
     *
     * @param sent whether it was given to Kafka; otherwise it waits for it
     */
    public record Pending(RawEvent.InChannel event, boolean sent) {
    }
}
