package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.Speakers;
import org.charla.client.text.Alike;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;

/**
 * What a person and the servers say to each other, one call after the other. It decides what is shown, each message of
 * a channel once and in the order of its topic, and what is sent, each event once and in the order typed. Not
 * thread-safe: it lives in one thread.
 */
public final class Conversation {

    /** How many messages a page of the past has. */
    public static final int PAGE = 20;

    /** How many messages are asked for when a channel is opened again that could not be followed for a while. */
    private static final int CATCH_UP = 200;

    /** How many messages that were seen before are shown again when one comes back to a channel. */
    private static final int CONTEXT = 8;

    /** For so long a message that Kafka has may be without a word from the pipeline, in milliseconds. */
    private static final long PIPELINE_PATIENCE_MS = 10_000;

    private static final Set<String> YES = Set.of("y", "yes", "s", "si", "sí");

    private final Person person;
    private final Servers servers;
    private final View view;
    private final Supplier<String> ids;
    private final LongSupplier clock;

    private final Outbox outbox = new Outbox();
    private final OpenChannels open = new OpenChannels();
    /** The channels that have been heard of. */
    private final Set<String> known = new HashSet<>();

    private Connection connection = Connection.CONNECTING;
    private Question question;
    private boolean bell;
    private boolean interrupted;
    private boolean ending;
    private boolean over;
    /** The page that is asked for; null: none. */
    private Page page;

    private record Page(View.Past kind, int count, long before) {
    }

    /**
     * @param bell whether the person wants to be told of mentions at once
     * @param ids makes message ids, each unique
     * @param clock tells the time in epoch milliseconds
     */
    public Conversation(String userId, String displayName, boolean bell, Servers servers, View view,
            Supplier<String> ids, LongSupplier clock) {
        this.person = new Person(userId, displayName);
        this.bell = bell;
        this.servers = servers;
        this.view = view;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Begins: introduces the person to the pipeline and opens a channel.
     *
     * @param channel null: the person is asked
     */
    public void start(String channel) {
        send(new RawEvent.Profile(ids.get(), person.userId(), person.displayName(), clock.getAsLong()));
        view.say(Notice.WELCOME, person.userId(), person.displayName());
        if (channel == null) {
            question = new Question.Channel();
        } else {
            join(channel);
        }
    }

    /** What is to be seen at all times. */
    public Status status() {
        return new Status(current() == null ? null : current().name(), open.tabs(), outbox.pending(), connection,
                connection == Connection.UP && outbox.hasStalledSince(clock.getAsLong() - PIPELINE_PATIENCE_MS),
                question);
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return over;
    }

    /** How many of the person's messages have not come back. */
    public int unsettled() {
        return outbox.unsettled();
    }

    public String displayName() {
        return person.displayName();
    }

    /** Whether the person wants to be told of mentions at once. */
    public boolean bell() {
        return bell;
    }

    /** Whether somebody else speaks of the person. */
    public boolean mentionsMe(PlacedMessage placed) {
        return person.isMeantBy(placed);
    }

    /** What the commands are called. */
    public static Collection<String> commands() {
        return Input.COMMANDS.keySet();
    }

    /** The channels that are known, sorted; for completion. */
    public List<String> channelNames() {
        return known.stream().sorted().toList();
    }

    /** Who spoke last in the current channel, the last one first; for completion. */
    public List<String> nicks() {
        Set<String> names = new LinkedHashSet<>();
        if (current() != null) {
            for (PlacedMessage placed : current().recent()) {
                String name = placed.message().author().displayName();
                names.remove(name);
                names.add(name);
            }
        }
        List<String> latestFirst = new ArrayList<>(names);
        Collections.reverse(latestFirst);
        return latestFirst;
    }

    // What the person does.

    /**
     * Takes a line.
     *
     * @return what is to be edited further, where the line was not taken
     */
    public Optional<String> typed(String line) {
        interrupted = false;
        if (question != null) {
            Question asked = question;
            question = null;
            return answer(asked, line);
        }
        if (line.isBlank()) {
            return Optional.empty();
        }
        int lines = 1 + (int) line.chars().filter(c -> c == '\n').count();
        if (lines > 1) {
            question = new Question.SendLines(line, lines);
            return Optional.empty();
        }
        return follow(Input.parse(line), line);
    }

    private Optional<String> answer(Question asked, String line) {
        boolean yes = YES.contains(Alike.folded(line.strip()));
        if (asked instanceof Question.SendLines lines) {
            return yes ? sendText(lines.text(), lines.text()) : Optional.of(lines.text());
        }
        if (asked instanceof Question.LeaveUnsent) {
            if (yes) {
                over = true;
            } else {
                ending = false;
                view.say(Notice.STAYING);
            }
            return Optional.empty();
        }
        if (asked instanceof Question.Choice) {
            return line.isBlank() ? Optional.empty()
                    : follow(Input.parse(line.strip().matches("[1-4]") ? "/" + line.strip() : line), line);
        }
        if (line.startsWith("/")) {
            return follow(Input.parse(line), line);
        }
        if (line.isBlank()) {
            askForChannelIfThereIsNone();
            return Optional.empty();
        }
        return asked instanceof Question.Channel ? join(Commands.channel(line)) : sendText(line, line);
    }

    private Optional<String> follow(Input input, String line) {
        if (input instanceof Input.Text text) {
            return sendText(text.text(), line);
        } else if (input instanceof Input.Send send) {
            if (!send.argument().isBlank()) {
                return sendText(send.argument(), line);
            }
            question = new Question.Text();
        } else if (input instanceof Input.Join join) {
            if (!join.channel().isEmpty()) {
                return join(join.channel());
            }
            question = new Question.Channel();
        } else if (input instanceof Input.Leave) {
            leave();
        } else if (input instanceof Input.Menu) {
            view.say(Notice.MENU);
            question = new Question.Choice();
        } else if (input instanceof Input.Older) {
            ask(View.Past.OLDER, PAGE);
        } else if (input instanceof Input.History history) {
            ask(View.Past.HISTORY, history.count());
        } else if (input instanceof Input.Search search) {
            if (hasChannel()) {
                servers.search(current().name(), search.text());
            }
        } else if (input instanceof Input.Users) {
            if (hasChannel()) {
                servers.speakers(current().name());
            }
        } else if (input instanceof Input.Channels) {
            servers.channels(true);
        } else if (input instanceof Input.Nick nick) {
            return rename(nick.name(), line);
        } else if (input instanceof Input.Bell) {
            bell = !bell;
            view.say(bell ? Notice.BELL_ON : Notice.BELL_OFF);
        } else if (input instanceof Input.Help) {
            view.say(Notice.HELP);
        } else if (input instanceof Input.Quit) {
            quit();
        } else if (input instanceof Input.Wrong wrong) {
            view.say(wrong.notice(), wrong.what(), Input.MAX_COUNT);
        }
        return Optional.empty();
    }

    /** Whether there is a channel to do something in; otherwise the person is asked for one. */
    private boolean hasChannel() {
        if (current() == null) {
            view.say(Notice.NO_CHANNEL);
            question = new Question.Channel();
        }
        return current() != null;
    }

    private OpenChannel current() {
        return open.current();
    }

    private Optional<String> sendText(String text, String line) {
        return hasChannel()
                ? sendWhatObeys(new RawEvent.Message(
                        ids.get(), person.userId(), current().name(), text, clock.getAsLong()), line)
                : Optional.of(line);
    }

    private Optional<String> rename(String name, String line) {
        return sendWhatObeys(new RawEvent.Profile(ids.get(), person.userId(), name, clock.getAsLong()), line);
    }

    /** What the rules refuse is refused here: otherwise it would be believed until the pipeline says so. */
    private Optional<String> sendWhatObeys(RawEvent event, String line) {
        if (EventRules.judge(event, clock.getAsLong()) instanceof Judgement.Rejected rejected) {
            view.say(Notice.REFUSED, rejected.code().name(), rejected.reason(), contentOf(event));
            return Optional.empty();
        }
        return send(event) ? Optional.empty() : Optional.of(line);
    }

    private boolean send(RawEvent event) {
        if (outbox.isFull()) {
            view.say(Notice.QUEUE_FULL, Outbox.CAPACITY);
            return false;
        }
        outbox.add(event);
        sendWaiting();
        return true;
    }

    /**
     * Kafka's client is given nothing while Kafka is away: what is not given can't be lost or doubled there. Nor is it
     * given what goes to a channel that is not followed yet, where it could not be seen to arrive.
     */
    private void sendWaiting() {
        if (connection == Connection.UP) {
            outbox.drain(event -> !(event instanceof RawEvent.Message message)
                    || open.get(message.channel()).isLive(), servers::send);
        }
    }

    private Optional<String> join(String name) {
        if (!Topics.isChannelName(name)) {
            view.say(Notice.INVALID_CHANNEL, name);
            askForChannelIfThereIsNone();
            return Optional.empty();
        }
        OpenChannel channel = open.get(name);
        if (channel == null) {
            channel = open.add(name);
            known.add(name);
            open(channel, PAGE);
        }
        if (channel != current()) {
            look(channel);
        }
        return Optional.empty();
    }

    private void askForChannelIfThereIsNone() {
        if (current() == null) {
            question = new Question.Channel();
        }
    }

    private void open(OpenChannel channel, int count) {
        channel.opening(open.newTicket(), count);
        servers.open(channel.ticket(), channel.name(), count, connection != Connection.DOWN);
    }

    private void look(OpenChannel channel) {
        open.look(channel);
        page = null;
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

    private void leave() {
        if (!hasChannel()) {
            return;
        }
        String name = current().name();
        long waitedFor = outbox.pending().stream().filter(sent -> sent.channel().equals(name)).count();
        if (waitedFor > 0) {
            view.say(Notice.NOT_LEFT, waitedFor, name);
            return;
        }
        open.close(current());
        view.say(Notice.LEFT, name);
        servers.follow(open.positions());
        open.lastLookedAt().ifPresent(this::look);
        askForChannelIfThereIsNone();
    }

    private void ask(View.Past kind, int count) {
        if (!hasChannel()) {
            return;
        }
        OpenChannel channel = current();
        if (channel.isOpening()) {
            view.say(Notice.OPENING, channel.name());
        } else if (page == null) {
            long begin = kind == View.Past.OLDER ? channel.begin() : channel.next();
            // Where nothing is known of the channel yet, all of it is its past.
            page = new Page(kind, count, begin == 0 && !channel.isLive() ? Long.MAX_VALUE : begin);
            servers.page(channel.ticket(), channel.name(), count, page.before(), connection != Connection.DOWN);
        }
    }

    /** Shows older messages, as {@code /older} does. */
    public void older() {
        if (question == null) {
            ask(View.Past.OLDER, PAGE);
        }
    }

    /** Goes to another open channel, so many further, round and round. */
    public void switchBy(int steps) {
        open.further(steps).ifPresent(this::look);
    }

    /** Goes to the open channel of this number, from 1, if there is one. */
    public void switchTo(int number) {
        open.number(number).ifPresent(this::look);
    }

    /** Goes to a channel where something has not been read, one with a mention first. */
    public void switchToUnread() {
        open.unread().ifPresent(this::look);
    }

    /** Leaves, or asks where messages have not come back yet. */
    public void quit() {
        if (outbox.unsettled() > 0) {
            question = new Question.LeaveUnsent(outbox.unsettled());
        } else {
            over = true;
        }
    }

    /**
     * The line was given up: the second time in a row leaves.
     *
     * @param line what had been typed of it
     */
    public void interrupted(String line) {
        if (interrupted && line.isEmpty()) {
            if (question instanceof Question.LeaveUnsent) {
                over = true;
            } else {
                quit();
            }
        } else {
            interrupted = true;
            if (current() != null) {
                question = null;
            }
            view.say(Notice.INTERRUPT_AGAIN);
        }
    }

    /** Nothing more will be typed: it is over when all that was typed has come back. */
    public void inputEnded() {
        ending = true;
        endIfSettled();
    }

    private void endIfSettled() {
        if (ending && outbox.unsettled() == 0) {
            over = true;
        }
    }

    // What the servers say.

    /** Kafka can be read and written. */
    public void connected() {
        if (connection != Connection.UP) {
            if (connection != Connection.CONNECTING) {
                view.say(Notice.CONNECTED);
            }
            connection = Connection.UP;
            sendWaiting();
            servers.channels(false);
            open.all().stream().filter(channel -> !channel.isLive() && !channel.isOpening())
                    .forEach(channel -> open(channel, CATCH_UP));
        }
    }

    /** Kafka can't be read and written for now. */
    public void disconnected(Connection why) {
        if (connection != why) {
            connection = why;
            view.say(why == Connection.DOWN ? Notice.DISCONNECTED : Notice.NO_PIPELINE);
        }
    }

    /** The answer to {@link Servers#open}. */
    public void opened(int ticket, Opening opening) {
        OpenChannel channel = open.byTicket(ticket);
        if (channel == null) {
            return;
        }
        if (opening.liveProblem() != null) {
            denied(channel.name(), opening.liveProblem());
            return;
        }
        OpenChannel.Added added = channel.opened(opening);
        if (channel == current()) {
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
            view.messages(added.messages());
            channel.shown(added.messages());
        } else {
            added.messages().forEach(placed -> count(channel, placed));
        }
        settle(added.messages());
        if (channel.isLive()) {
            servers.follow(open.positions());
            sendWaiting();
        } else if (connection == Connection.UP) {
            if (channel.hasFailedToOpenTwice()) {
                view.say(Notice.STILL_OPENING, channel.name());
            }
            open(channel, CATCH_UP);
        }
        if (channel == current()) {
            askAgain();
        }
    }

    /** A page that was asked for before the channel was opened again is asked for from where it begins now. */
    private void askAgain() {
        Page asked = page;
        page = null;
        if (asked != null && !current().isOpening()) {
            ask(asked.kind(), asked.count());
        } else {
            page = asked;
        }
    }

    /** A channel can't be followed, whatever is tried: it is closed, with what was to be sent there. */
    public void denied(String name, String why) {
        OpenChannel channel = open.get(name);
        if (channel == null) {
            return;
        }
        boolean wasCurrent = channel == current();
        open.close(channel);
        view.say(Notice.DENIED, name, why);
        outbox.giveUp(name).forEach(message -> view.say(Notice.NOT_SENT, why, message.text()));
        servers.follow(open.positions());
        sendWaiting();
        if (wasCurrent) {
            open.lastLookedAt().ifPresent(this::look);
            askForChannelIfThereIsNone();
        }
        endIfSettled();
    }

    /** A message stands in a followed channel. */
    public void arrived(String name, List<PlacedMessage> messages) {
        OpenChannel channel = open.get(name);
        List<PlacedMessage> added = channel == null ? List.of()
                : messages.stream().filter(channel::arrived).toList();
        if (channel != null && channel == current()) {
            view.messages(added);
            channel.shown(added);
        } else {
            added.forEach(placed -> count(channel, placed));
        }
        if (bell && added.stream().anyMatch(this::mentionsMe)) {
            view.mentioned();
        }
        settle(messages);
    }

    private void count(OpenChannel channel, PlacedMessage placed) {
        if (!person.wrote(placed)) {
            channel.notShown(mentionsMe(placed));
        }
    }

    private void settle(List<PlacedMessage> messages) {
        messages.stream().filter(person::wrote).forEach(placed -> outbox.settle(placed.message().messageId()));
        endIfSettled();
    }

    /** A channel can't be followed from where it was: it is opened again. */
    public void lost(String name) {
        OpenChannel channel = open.get(name);
        if (channel != null && !channel.isOpening()) {
            open(channel, CATCH_UP);
            servers.follow(open.positions());
        }
    }

    /**
     * The answer to {@link Servers#page}.
     *
     * @param complete whether nothing is missing between the last of the messages and the position
     */
    public void page(int ticket, long before, List<PlacedMessage> messages, boolean complete) {
        if (page == null || page.before() != before || !open.isCurrent(ticket)) {
            return;
        }
        View.Past kind = page.kind();
        page = null;
        if (messages.isEmpty()) {
            view.say(kind == View.Past.OLDER ? Notice.BEGINNING : Notice.EMPTY_CHANNEL, current().name());
        } else {
            view.past(kind, current().name(), messages);
            current().shownPast(messages);
            if (!complete) {
                view.say(Notice.INCOMPLETE);
            }
        }
    }

    /** {@link Servers#page} has no answer. */
    public void pageFailed(int ticket, long before, String why) {
        if (page != null && page.before() == before && open.isCurrent(ticket)) {
            page = null;
            view.say(Notice.HISTORY_AWAY, why);
        }
    }

    /** {@link Servers#search} or {@link Servers#speakers} has no answer. */
    public void unanswered(String why) {
        view.say(Notice.HISTORY_AWAY, why);
    }

    /** The answer to {@link Servers#search}. */
    public void found(String channel, String text, List<PlacedMessage> messages) {
        if (messages.isEmpty()) {
            view.say(Notice.NOTHING_FOUND, text);
        } else {
            view.past(View.Past.FOUND, channel, messages);
        }
    }

    /** The answer to {@link Servers#speakers}. */
    public void speakers(String channel, Speakers speakers) {
        if (speakers.count() == 0) {
            view.say(Notice.NOBODY, channel);
        } else {
            view.speakers(channel, speakers);
        }
    }

    /** The answer to {@link Servers#channels}. */
    public void channels(boolean toShow, List<String> channels) {
        known.addAll(channels);
        if (toShow && channels.isEmpty()) {
            view.say(Notice.NO_CHANNELS);
        } else if (toShow) {
            view.channels(channels, open.all().stream().map(OpenChannel::name).toList());
        }
    }

    /** {@link Servers#channels} has no answer. */
    public void channelsFailed(boolean toShow, String why) {
        if (toShow) {
            view.say(Notice.CHANNELS_AWAY, why);
        }
    }

    /** Kafka has an event. */
    public void acknowledged(String messageId) {
        outbox.acknowledged(messageId, clock.getAsLong()).ifPresent(event -> {
            if (event instanceof RawEvent.Profile profile && !profile.displayName().equals(displayName())) {
                person.goBy(profile.displayName());
                view.say(Notice.NAME_CHANGED, displayName());
            }
        });
    }

    /** Kafka will not take an event. */
    public void notSent(String messageId, String why) {
        outbox.settle(messageId).ifPresent(event -> view.say(Notice.NOT_SENT, why, contentOf(event)));
        endIfSettled();
    }

    /** The pipeline refused one of the person's events. */
    public void refused(String messageId, String code, String reason) {
        outbox.settle(messageId).ifPresent(event -> {
            view.say(Notice.REFUSED, code, reason, contentOf(event));
            if (event instanceof RawEvent.Profile profile && profile.displayName().equals(displayName())) {
                person.goBack();
            }
        });
        endIfSettled();
    }

    private static String contentOf(RawEvent event) {
        if (event instanceof RawEvent.Message message) {
            return message.text();
        }
        return event instanceof RawEvent.Profile profile ? profile.displayName() : "";
    }

    /** A record of a channel's topic is no message. */
    public void unreadable(String where, String why) {
        view.say(Notice.UNREADABLE, where, why);
    }
}
