package org.charla.client.chat;

import java.util.List;
import java.util.Map;
import org.charla.protocol.RawEvent;

/**
 * What a conversation asks of Kafka and MongoDB. No method waits: answers come back as calls of the conversation, in
 * the thread that it lives in.
 */
public interface Servers {

    /**
     * Asks for a channel's last messages: {@link Conversation#opened}.
     *
     * @param ticket comes back with the answer
     * @param unreadFrom from where on what is unread in front of those is counted; {@link ReadMark#NOWHERE}: it is not
     * @param live whether Kafka may be asked, which is away otherwise
     */
    void open(int ticket, String channel, int count, long unreadFrom, boolean live);

    /** Asks for the messages in front of a position: {@link Conversation#page} or {@link Conversation#pageFailed}. */
    void page(int ticket, String channel, int count, long before, boolean live);

    /**
     * Asks for the channel's messages with a text in them: {@link Conversation#found} or
     * {@link Conversation#unanswered}.
     */
    void search(String channel, String text);

    /** Asks who has spoken in a channel: {@link Conversation#speakers} or {@link Conversation#unanswered}. */
    void speakers(String channel);

    /**
     * Asks whether these users sign with the keys that this machine has seen them with: {@link Conversation#otherKey}
     * for each who has another one, and at last {@link Conversation#keysSeen}.
     */
    void keys(List<String> userIds);

    /** Asks whether there is a user of this id: {@link Conversation#isUser}. */
    void isUser(String userId);

    /**
     * Asks for all channels: {@link Conversation#channels} or {@link Conversation#channelsFailed}.
     *
     * @param toShow whether the person wants to see them; comes back with the answer
     */
    void channels(boolean toShow);

    /**
     * Follows these channels and no others: {@link Conversation#arrived}.
     *
     * @param positions where each begins; one that is followed already goes on where it is
     */
    void follow(Map<String, Long> positions);

    /** Asks for where the person left off last time, on this cluster: {@link Conversation#lastTime}. */
    void lastTime();

    /**
     * Keeps something for the next time, behind what was kept before.
     *
     * @param current the channel that is looked at; null where there is none
     */
    void remember(List<ReadChange> changes, String current);

    /** Sends an event behind those before it: {@link Conversation#acknowledged} or {@link Conversation#notSent}. */
    void send(RawEvent event);
}
