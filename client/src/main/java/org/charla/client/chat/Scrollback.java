package org.charla.client.chat;

import java.util.List;
import org.charla.access.PlacedMessage;

/** The past of the channel that is looked at, a page at a time. */
final class Scrollback {

    /** How many messages a page has that is asked for without a number. */
    static final int PAGE = 20;

    /** How many characters of texts are shown at once, which take a multiple of that in memory. */
    private static final int MOST_CHARACTERS = 500_000;

    private final OpenChannels open;
    private final Servers servers;
    private final View view;

    /** The page that is asked for; null: none. */
    private Request asked;

    private record Request(View.Past kind, int count, long before) {
    }

    Scrollback(OpenChannels open, Servers servers, View view) {
        this.open = open;
        this.servers = servers;
        this.view = view;
    }

    /**
     * Asks for a page, unless one is asked for.
     *
     * @param live whether Kafka may be asked
     */
    void ask(View.Past kind, int count, boolean live) {
        OpenChannel channel = open.current();
        if (channel.isOpening()) {
            view.say(Notice.OPENING, channel.name());
        } else if (asked == null) {
            long begin = kind == View.Past.OLDER ? channel.begin() : channel.next();
            // Where nothing is known of the channel yet, all of it is its past.
            asked = new Request(kind, count, begin == 0 && !channel.isLive() ? Long.MAX_VALUE : begin);
            servers.page(channel.ticket(), channel.name(), count, asked.before(), live);
        }
    }

    /** A page that was asked for before the channel was opened again is asked for from where it begins now. */
    void askAgain(boolean live) {
        Request before = asked;
        if (before != null && !open.current().isOpening()) {
            asked = null;
            ask(before.kind(), before.count(), live);
        }
    }

    /** Another channel is looked at. */
    void leave() {
        asked = null;
    }

    /**
     * The answer to {@link Servers#page}.
     *
     * @param answered the messages that these answer, as far as they are found
     * @param complete whether nothing is missing between the last of the messages and the position
     */
    void page(int ticket, long before, List<PlacedMessage> told, List<PlacedMessage> answered, boolean complete) {
        if (!isAwaited(ticket, before)) {
            return;
        }
        View.Past kind = asked.kind();
        asked = null;
        OpenChannel channel = open.current();
        channel.known().quote(answered);
        List<PlacedMessage> all = channel.known().asTheyStand(told);
        List<PlacedMessage> messages = fitting(all);
        if (messages.isEmpty()) {
            view.say(kind == View.Past.OLDER ? Notice.BEGINNING : Notice.EMPTY_CHANNEL, channel.name());
        } else {
            channel.shownPast(messages);
            view.past(kind, channel.name(), messages);
            if (messages.size() < all.size()) {
                view.say(Notice.CUT_SHORT, messages.size(), all.size());
            }
            if (!complete) {
                view.say(Notice.INCOMPLETE);
            }
        }
    }

    /** The last ones, as far as their texts are not too long together. */
    private static List<PlacedMessage> fitting(List<PlacedMessage> messages) {
        int first = messages.size();
        for (long characters = 0; first > 0; first--) {
            characters += messages.get(first - 1).message().text().length();
            if (characters > MOST_CHARACTERS && first < messages.size()) {
                break;
            }
        }
        return messages.subList(first, messages.size());
    }

    /** {@link Servers#page} has no answer. */
    void failed(int ticket, long before, String why) {
        if (isAwaited(ticket, before)) {
            asked = null;
            view.say(Notice.HISTORY_AWAY, why);
        }
    }

    private boolean isAwaited(int ticket, long before) {
        return asked != null && asked.before() == before && open.isCurrent(ticket);
    }
}
