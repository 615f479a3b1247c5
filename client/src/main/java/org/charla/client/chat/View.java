package org.charla.client.chat;

import java.util.List;
import org.charla.access.PlacedMessage;
import org.charla.access.Speakers;
import org.charla.protocol.ChannelRules;

/** Where a conversation is seen. What is shown stands below what was shown before. */
public interface View {

    /** A view of this channel begins. */
    void heading(String channel);

    /** Messages of the channel that was headed last, in order. */
    void messages(List<PlacedMessage> messages);

    /** Something happened to what was said in the channel that was headed last, or to what holds there. */
    void changed(Item.Changed changed);

    /**
     * What comes next had not been read.
     *
     * @param since since when, in epoch milliseconds, if that was another time; else 0
     */
    void unread(long since);

    /** Messages of the past, oldest first, with a beginning and an end. */
    void past(Past kind, String channel, List<PlacedMessage> messages);

    /** Why messages of the past are shown. */
    enum Past {
        OLDER, HISTORY, FOUND
    }

    /** Somebody speaks of the person just now, who wants to be told so. */
    void mentioned();

    /** Tells something. */
    void say(Notice notice, Object... arguments);

    /** Who has spoken in a channel, the last ones first. */
    void speakers(String channel, Speakers speakers);

    /** What holds in a channel. */
    void rules(ChannelRules rules);

    /** All channels. */
    void channels(List<String> channels, List<String> open);
}
