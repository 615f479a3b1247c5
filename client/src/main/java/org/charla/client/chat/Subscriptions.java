package org.charla.client.chat;

import java.util.List;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;

/**
 * The reading side of a conversation: what the servers say about its channels. Each is opened, followed live, and
 * opened again where that breaks off; what is new is shown where the channel is looked at, and counted elsewhere.
 */
final class Subscriptions {

    /** How many messages are asked for when a channel is opened again that could not be followed for a while. */
    private static final int CATCH_UP = 200;

    /** How many messages that were seen before are shown again when one comes back to a channel. */
    private static final int CONTEXT = 8;

    private final OpenChannels open;
    private final Scrollback scrollback;
    private final Person person;
    private final Servers servers;
    private final View view;

    private Connection connection = Connection.CONNECTING;

    Subscriptions(OpenChannels open, Scrollback scrollback, Person person, Servers servers, View view) {
        this.open = open;
        this.scrollback = scrollback;
        this.person = person;
        this.servers = servers;
        this.view = view;
    }

    Connection connection() {
        return connection;
    }

    /** Whether Kafka may be asked. */
    boolean mayAskKafka() {
        return connection != Connection.DOWN;
    }

    /** Goes to a channel, which is opened if it isn't yet. */
    void join(String name) {
        OpenChannel channel = open.get(name);
        if (channel == null) {
            channel = open.add(name);
            open(channel, Scrollback.PAGE);
        }
        if (channel != open.current()) {
            look(channel);
        }
    }

    private void open(OpenChannel channel, int count) {
        channel.opening(open.newTicket(), count);
        servers.open(channel.ticket(), channel.name(), count, mayAskKafka());
    }

    /** Shows a channel from here on. */
    void look(OpenChannel channel) {
        open.look(channel);
        scrollback.leave();
        view.heading(channel.name());
        OpenChannel.Glance glance = channel.look(CONTEXT);
        view.messages(glance.seen());
        if (glance.lost() > 0) {
            view.say(Notice.EARLIER_UNREAD, glance.lost());
        }
        if (channel.takeGap()) {
            view.say(Notice.GAP);
        }
        if (!glance.unseen().isEmpty()) {
            if (!glance.seen().isEmpty()) {
                view.unread();
            }
            view.messages(glance.unseen());
        }
    }

    /** Shows the channel that was looked at last, if there is one. */
    void lookBack() {
        open.lastLookedAt().ifPresent(this::look);
    }

    /** Follows the channel that is looked at no further. */
    void leave() {
        String name = open.current().name();
        open.close(open.current());
        view.say(Notice.LEFT, name);
        servers.follow(open.positions());
        lookBack();
    }

    /** Kafka can be read and written. */
    void connected() {
        if (connection != Connection.UP) {
            if (connection != Connection.CONNECTING) {
                view.say(Notice.CONNECTED);
            }
            connection = Connection.UP;
            servers.channels(false);
            open.all().stream().filter(channel -> !channel.isLive() && !channel.isOpening())
                    .forEach(channel -> open(channel, CATCH_UP));
        }
    }

    /** Kafka can't be read and written for now. */
    void disconnected(Connection why) {
        if (connection != why) {
            connection = why;
            view.say(why == Connection.DOWN ? Notice.DISCONNECTED : Notice.NO_PIPELINE);
        }
    }

    /** The answer to {@link Servers#open}. */
    void opened(OpenChannel channel, Opening opening) {
        OpenChannel.Added added = channel.opened(opening);
        if (channel == open.current()) {
            if (opening.historyProblem() != null) {
                view.say(Notice.HISTORY_AWAY, opening.historyProblem());
            } else if (added.first() && added.messages().isEmpty() && channel.isLive()) {
                view.say(Notice.EMPTY_CHANNEL, channel.name());
            }
            if (added.anew()) {
                view.say(Notice.STARTED_ANEW, channel.name());
            }
            if (channel.takeGap()) {
                view.say(Notice.GAP);
            }
        }
        take(channel, added.messages());
        if (channel.isLive()) {
            servers.follow(open.positions());
        } else if (connection == Connection.UP) {
            if (channel.hasFailedToOpenTwice()) {
                view.say(Notice.STILL_OPENING, channel.name());
            }
            open(channel, CATCH_UP);
        }
        if (channel == open.current()) {
            scrollback.askAgain(mayAskKafka());
        }
    }

    private void take(OpenChannel channel, List<PlacedMessage> messages) {
        if (channel == open.current()) {
            view.messages(messages);
            channel.shown(messages);
        } else {
            messages.stream().filter(placed -> !person.wrote(placed))
                    .forEach(placed -> channel.notShown(person.isMeantBy(placed)));
        }
    }

    /** A channel can't be followed, whatever is tried: it is closed. */
    void denied(OpenChannel channel, String why) {
        open.close(channel);
        view.say(Notice.DENIED, channel.name(), why);
        servers.follow(open.positions());
    }

    /**
     * Messages stand in a followed channel.
     *
     * @return what is new
     */
    List<PlacedMessage> arrived(String name, List<PlacedMessage> messages) {
        OpenChannel channel = open.get(name);
        if (channel == null) {
            return List.of();
        }
        List<PlacedMessage> added = messages.stream().filter(channel::arrived).toList();
        take(channel, added);
        return added;
    }

    /** A channel can't be followed from where it was: it is opened again. */
    void lost(String name) {
        OpenChannel channel = open.get(name);
        if (channel != null && !channel.isOpening()) {
            open(channel, CATCH_UP);
            servers.follow(open.positions());
        }
    }
}
