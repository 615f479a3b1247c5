package org.charla.client.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;

/**
 * The reading side of a conversation: what the servers say about its channels. Each is opened, followed live, and
 * opened again where that breaks off; what is new is shown where the channel is looked at, and counted elsewhere.
 */
final class Subscriptions {

    /** How many messages are asked for when a channel is opened again that could not be followed for a while. */
    private static final int CATCH_UP = 200;

    /** How many messages that were seen before are shown again when one comes back to a channel. */
    private static final int CONTEXT = 8;

    /** How many messages are asked for in all when many channels are opened again, more or less. */
    private static final int RESTORED = 10_000;

    private final OpenChannels open;
    private final LeftOff leftOff;
    private final Openings openings = new Openings(this::open);
    private final Scrollback scrollback;
    private final Person person;
    private final Servers servers;
    private final View view;

    private Connection connection = Connection.CONNECTING;

    Subscriptions(OpenChannels open, LeftOff leftOff, Scrollback scrollback, Person person, Servers servers, View view) {
        this.open = open;
        this.leftOff = leftOff;
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
        if (channel != null && channel != open.current()) {
            look(channel);
        } else if (channel == null) {
            channel = open.add(name);
            leftOff.resume(channel);
            look(channel);
            openings.add(channel);
            openings.hurry(channel);
        }
    }

    /** The channels of last time, in their order; those that are open already are not opened before this. */
    void restore(List<String> names) {
        open.all().forEach(leftOff::resume);
        for (String name : names) {
            if (open.get(name) == null) {
                OpenChannel channel = open.add(name);
                leftOff.resume(channel);
                openings.add(channel);
            }
        }
        open.arrange(names);
        openings.begin(open.current());
    }

    private void open(OpenChannel channel) {
        int count = channel.hasPlace() ? CATCH_UP
                : channel.seen() == ReadMark.NOWHERE ? Scrollback.PAGE
                : channel == open.current() ? CATCH_UP
                : Math.min(CATCH_UP, Math.max(Scrollback.PAGE, RESTORED / open.all().size()));
        channel.opening(open.newTicket(), count);
        servers.open(channel.ticket(), channel.name(), count, channel.uncountedFrom(), mayAskKafka());
    }

    /** Shows a channel from here on. */
    void look(OpenChannel channel) {
        open.look(channel);
        scrollback.leave();
        view.heading(channel.name());
        openings.hurry(channel);
        OpenChannel.Glance glance = channel.look(CONTEXT, placed -> !person.wrote(placed));
        view.messages(glance.seen());
        if (glance.lost() > 0) {
            view.say(Notice.EARLIER_UNREAD, glance.lost());
        }
        if (channel.takeGap()) {
            view.say(Notice.GAP);
        }
        if (!glance.unseen().isEmpty()) {
            if ((!glance.seen().isEmpty() || glance.since() != 0) && isNews(messages(glance.unseen()).toList())) {
                view.unread(glance.since());
            }
            show(glance.unseen());
        }
    }

    private void show(List<Item> items) {
        List<PlacedMessage> messages = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.Said said) {
                messages.add(said.message());
            } else if (item instanceof Item.Changed changed) {
                view.messages(messages);
                messages = new ArrayList<>();
                view.changed(changed);
            }
        }
        view.messages(messages);
    }

    /** Shows the channel that was looked at last, if there is one. */
    void lookBack() {
        open.lastLookedAt().ifPresent(this::look);
    }

    /** Follows the channel that is looked at no further. */
    void leave() {
        String name = open.current().name();
        leftOff.closing(open.current());
        openings.answered(open.current());
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
            open.all().stream().filter(channel -> !channel.isLive() && !channel.isOpening()).forEach(openings::add);
            openings.hurry(open.current());
        }
    }

    /** Kafka can't be read and written for now. */
    void disconnected(Connection why) {
        if (connection != why) {
            connection = why;
            view.say(why == Connection.DOWN ? Notice.DISCONNECTED : Notice.NO_PIPELINE);
            // Nobody knows for now which cluster it is, nor for how long.
            openings.begin(open.current());
        }
    }

    /**
     * The answer to {@link Servers#open}.
     *
     * @return whether there may be messages in front of these that nobody has read
     */
    boolean opened(OpenChannel channel, Opening opening) {
        OpenChannel.Added added = channel.opened(opening);
        if (channel == open.current()) {
            if (opening.historyProblem() != null) {
                view.say(Notice.HISTORY_AWAY, opening.historyProblem());
            } else if (added.first() && added.items().isEmpty() && channel.isLive()) {
                view.say(Notice.EMPTY_CHANNEL, channel.name());
            }
            if (added.anew()) {
                view.say(Notice.STARTED_ANEW, channel.name());
            }
            if (channel.takeGap()) {
                view.say(Notice.GAP);
            }
        }
        if (channel == open.current() && channel.leftAt() != 0) {
            goOn(channel, messages(added.items()).toList(), opening.earlier().count());
        } else {
            if (channel != open.current()) {
                channel.notShown(opening.earlier().count(), opening.earlier().mentioned());
            }
            take(channel, added.items());
        }
        openings.answered(channel);
        if (channel.isLive()) {
            servers.follow(open.positions());
        } else if (connection == Connection.UP) {
            if (channel.hasFailedToOpenTwice()) {
                view.say(Notice.STILL_OPENING, channel.name());
            }
            openings.add(channel);
            if (channel == open.current()) {
                openings.hurry(channel);
            }
        }
        if (channel == open.current()) {
            scrollback.askAgain(mayAskKafka());
        }
        return added.missing();
    }

    /** What a channel begins with that the person has seen another time. */
    private void goOn(OpenChannel channel, List<PlacedMessage> messages, long earlier) {
        List<PlacedMessage> seen = messages.stream().filter(placed -> placed.position() < channel.seen()).toList();
        List<PlacedMessage> unseen = messages.subList(seen.size(), messages.size());
        List<PlacedMessage> shown = new ArrayList<>(seen.subList(
                Math.max(0, seen.size() - Math.max(CONTEXT, Scrollback.PAGE - unseen.size())), seen.size()));
        view.messages(shown);
        if (earlier > 0) {
            view.say(Notice.EARLIER_UNREAD, earlier);
        }
        if (isNews(unseen)) {
            view.unread(channel.leftAt());
        }
        view.messages(unseen);
        shown.addAll(unseen);
        channel.shown(shown.stream().<Item>map(Item.Said::new).toList());
    }

    /** Whether it is not all by the person, from elsewhere. */
    private boolean isNews(List<PlacedMessage> messages) {
        return messages.stream().anyMatch(placed -> !person.wrote(placed));
    }

    private void take(OpenChannel channel, List<Item> items) {
        if (channel == open.current()) {
            show(items);
            channel.shown(items);
        } else {
            messages(items).filter(placed -> !person.wrote(placed) && placed.position() >= channel.seen())
                    .forEach(placed -> channel.notShown(person.isMeantBy(placed)));
        }
    }

    static Stream<PlacedMessage> messages(List<Item> items) {
        return items.stream().filter(Item.Said.class::isInstance).map(item -> ((Item.Said) item).message());
    }

    /** A channel can't be followed, whatever is tried: it is closed. */
    void denied(OpenChannel channel, String why) {
        openings.answered(channel);
        open.close(channel);
        view.say(Notice.DENIED, channel.name(), why);
        servers.follow(open.positions());
    }

    /**
     * Records stand in a followed channel.
     *
     * @return what is new, to be told of
     */
    List<Item> arrived(String name, List<PlacedRecord> records) {
        OpenChannel channel = open.get(name);
        if (channel == null) {
            return List.of();
        }
        List<Item> added = records.stream().flatMap(record -> channel.arrived(record).stream()).toList();
        take(channel, added);
        return added;
    }

    /** A channel can't be followed from where it was: it is opened again. */
    void lost(String name) {
        OpenChannel channel = open.get(name);
        if (channel != null && !channel.isOpening()) {
            open(channel);
            servers.follow(open.positions());
        }
    }
}
