package org.charla.client.chat;

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

    record Join(String channel) implements Input {
    }

    record History(int count) implements Input {
    }

    record Search(String text) implements Input {
    }

    record Nick(String name) implements Input {
    }

    /** Can't be done; the notice says why. */
    record Wrong(Notice notice, String what) implements Input {
    }

    /** What needs no more words. */
    enum Command implements Input {
        NOTHING, CHOOSE_CHANNEL, COMPOSE, LEAVE, CHANNELS, USERS, OLDER, BELL, MENU, HELP, QUIT,
        /** Although messages have not arrived. */
        QUIT_ANYWAY,
        /** Rather than quit. */
        STAY
    }
}
