package org.charla.client.chat;

import java.util.List;
import java.util.OptionalLong;
import org.charla.protocol.ChannelRule;

/** What a person types, understood: {@link Commands#parse}. */
sealed interface Input {

    /** A message, in the form in which it is sent. */
    record Text(String text) implements Input {
    }

    /** A text of several lines, which may have been pasted by mistake. */
    record Pasted(String text, int lines) implements Input {
    }

    /** What was typed before is to be edited further. */
    record Draft(String text) implements Input {
    }

    /** A change of the person's last message. */
    record Substitute(Substitution substitution) implements Input {
    }

    /** What to do to a message that is there. */
    sealed interface ToMessage extends Input {
    }

    record Edit() implements ToMessage {
    }

    record Delete() implements ToMessage {
    }

    /** An answer; empty where it is still to be typed. */
    record Reply(String text) implements ToMessage {
    }

    /** All that the person thinks of it from now on, an emoji each. */
    record React(List<String> reactions) implements ToMessage {
    }

    /** Which message is meant by what comes next: the one above, one of that number from below, or with a text. */
    record Choose(String what) implements Input {
    }

    record Join(String channel) implements Input {
    }

    record History(int count) implements Input {
    }

    record Search(String text) implements Input {
    }

    record Nick(String name) implements Input {
    }

    /** What is to hold in the channel. */
    record Rule(ChannelRule rule, String value) implements Input {
    }

    /**
     * What is to hold for somebody.
     *
     * @param who a name or user id
     * @param span for how long, in milliseconds; empty is for ever
     */
    record RuleFor(ChannelRule rule, String who, OptionalLong span) implements Input {
    }

    /** Can't be done; the notice says why. */
    record Wrong(Notice notice, String what) implements Input {
    }

    /** What needs no more words. */
    enum Command implements Input {
        NOTHING, CHOOSE_CHANNEL, COMPOSE, LEAVE, CHANNELS, USERS, RULES, OLDER, BELL, MENU, HELP, QUIT,
        /** Although messages have not arrived. */
        QUIT_ANYWAY,
        /** Rather than quit. */
        STAY
    }
}
