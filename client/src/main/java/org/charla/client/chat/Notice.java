package org.charla.client.chat;

/** What the chat tells its person; each has a text in each language. The arguments are in the order given here. */
public enum Notice {

    /** The user id, the display name. */
    WELCOME,
    HELP,
    MENU,
    /** The command. */
    UNKNOWN_COMMAND,
    /** The command. */
    ARGUMENT_MISSING,
    /** The command. */
    ARGUMENT_TOO_MUCH,
    /** What was given for a span of time. */
    NO_SPAN,
    /** Whose message, what it says: it is meant by what comes next. */
    CHOSEN,
    /** There is no message that could be meant. */
    NOTHING_TO_CHOOSE,
    /** The message that is meant is somebody else's. */
    NOT_YOURS,
    /** The message that is meant was taken back. */
    TARGET_DELETED,
    /** The message that is meant was refused. */
    TARGET_REFUSED,
    /** The channel of the message that is being edited: it was closed meanwhile. */
    TARGET_CLOSED,
    /** What the message that is being edited says by now. */
    CHANGED_MEANWHILE,
    /** The text is the one that it was. */
    NOT_CHANGED,
    /** What should be replaced, the text that doesn't have it. */
    NOT_IN_IT,
    /** For how many seconds slow mode would have a message refused. */
    SLOWED,
    /** The channel, its title. */
    TITLE,
    /** The channel: what holds there has not been said yet, or was too much to be remembered. */
    RULES_UNKNOWN,
    /** The channel, until when the person is muted there, in epoch milliseconds, if not for ever. */
    MUTED_HERE,
    /** The display name and user id of who muted the person, the channel, until when, if not for ever. */
    MUTED_BY,
    /** The name, the user ids. */
    SEVERAL_CALLED,
    /** The name. */
    NOBODY_CALLED,
    /** It can't be found out whether a name is somebody's user id; the name, and the id of the one who goes by it. */
    WHO_IS_UNSURE,
    /** What was given for a number, the largest. */
    NO_COUNT,
    /** The channel. */
    INVALID_CHANNEL,
    NO_CHANNEL,
    /** The channel. */
    LEFT,
    /** How many messages have not come back, the channel. */
    NOT_LEFT,
    /** The channel is being opened. */
    OPENING,
    /** The channel: Kafka has no answer for it, though for others. */
    STILL_OPENING,
    /** The channel, why it can't be followed: it has been closed. */
    DENIED,
    /** The channel: it has no message yet. */
    EMPTY_CHANNEL,
    /** The channel: there is nothing in front of what is shown. */
    BEGINNING,
    /** How many unread messages are not shown. */
    EARLIER_UNREAD,
    /** The file that should say where the person left off: it is none of Charla's, and stays as it is. */
    LEFT_OFF_FOREIGN,
    /** That file, how many of its lines are damaged. */
    LEFT_OFF_DAMAGED,
    /** That file, why it can't be read or written. */
    LEFT_OFF_AWAY,
    /** Messages between those above and those below may not be shown. */
    GAP,
    /** How many messages of a page are shown, how many there were: the last ones. */
    CUT_SHORT,
    /** Messages behind those of a page may not be shown. */
    INCOMPLETE,
    /** The topic has been made anew. */
    STARTED_ANEW,
    /** The display name. */
    NAME_CHANGED,
    /** The code, the reason in English, the text or name. */
    REFUSED,
    /** Why, the text or name: Kafka would not take it. */
    NOT_SENT,
    /** How many are waiting. */
    QUEUE_FULL,
    /** Kafka answers. */
    CONNECTED,
    /** Kafka does not answer. */
    DISCONNECTED,
    /** Kafka answers, but has no topics of Charla. */
    NO_PIPELINE,
    /** Why MongoDB has no answer. */
    HISTORY_AWAY,
    /** Why Kafka has no answer. */
    CHANNELS_AWAY,
    /** The text that was searched for. */
    NOTHING_FOUND,
    /** The channel. */
    NOBODY,
    NO_CHANNELS,
    /** Where in the channel, why. */
    UNREADABLE,
    /** The user id, the fingerprint of the key that the user signs with, that of the one that was known. */
    OTHER_KEY,
    BELL_ON,
    BELL_OFF,
    INTERRUPT_AGAIN,
    STAYING
}
