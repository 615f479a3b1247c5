package org.charla.client.chat;

import org.charla.access.PlacedMessage;

/** What the next line that is typed answers. */
public sealed interface Question {

    /** A choice from the menu. */
    record Choice() implements Question {
    }

    /** The name of a channel. */
    record Channel() implements Question {
    }

    /** The text of a message. */
    record Text() implements Question {
    }

    /** Whether several lines are to be sent as one message. */
    record SendLines(String text, int lines) implements Question {
    }

    /**
     * The new text of a message.
     *
     * @param target the message as it stood when its text came into the line
     */
    record Edit(PlacedMessage target) implements Question {
    }

    /** Whether to leave although messages have not arrived. */
    record LeaveUnsent(int count) implements Question {
    }
}
