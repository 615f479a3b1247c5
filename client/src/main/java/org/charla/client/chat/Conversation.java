package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.Speakers;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.EventRules;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;

/**
 * What a person and the servers say to each other, one call after the other. It decides what is shown, each message of
 * a channel once and in the order of its topic, and what is sent, each event once and in the order typed. Not
 * thread-safe: it lives in one thread.
 */
public final class Conversation {

    /** How many messages a page of the past has. */
    public static final int PAGE = Scrollback.PAGE;

    private final Person person;
    private final Servers servers;
    private final View view;
    private final Namesakes namesakes;
    private final KeyWatch watch;
    private final OpenChannels open = new OpenChannels();
    private final Scrollback scrollback;
    private final LeftOff leftOff;
    private final Subscriptions subscriptions;
    private final Outgoing outgoing;
    private final Choice choice;
    private final Amendments amendments;
    private final Rulings rulings;
    /** The channels that have been heard of. */
    private final Set<String> known = new HashSet<>();

    /**
     * A rule for somebody by a name that may be another's user id.
     *
     * @param calledSo the user id of the one who goes by it
     */
    private record Meant(String channel, Input.RuleFor rule, String calledSo) {
    }

    private final List<Meant> meant = new ArrayList<>();

    private Question question;
    /** Why the last channel that was open is closed; null where none was closed so. */
    private String closed;
    /** The line that was given back since slow mode would have it refused: typed again it goes out. */
    private String heldBack;
    private boolean bell;
    private boolean interrupted;
    private boolean ending;
    private boolean over;

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
        this.namesakes = new Namesakes(person);
        this.watch = new KeyWatch(servers, clock);
        this.view = new Acquaintance(view, namesakes, watch);
        this.scrollback = new Scrollback(open, servers, this.view);
        this.leftOff = new LeftOff(open, servers, clock);
        this.subscriptions = new Subscriptions(open, leftOff, scrollback, person, servers, this.view);
        this.outgoing = new Outgoing(person, servers, this.view, ids, clock, this::mayGoOut);
        this.choice = new Choice(open, outgoing, person);
        this.amendments = new Amendments(choice, outgoing, person, this.view, asked -> question = asked);
        this.rulings = new Rulings(person, this.view, clock);
    }

    /** Nor is anything sent to a channel that is not followed yet, where it could not be seen to arrive. */
    private boolean mayGoOut(RawEvent event) {
        return subscriptions.connection() == Connection.UP
                && (!(event instanceof RawEvent.InChannel inChannel) || open.get(inChannel.channel()).isLive());
    }

    /**
     * Begins: introduces the person to the pipeline and opens a channel.
     *
     * @param channel null: the person is asked
     */
    public void start(String channel) {
        outgoing.introduce();
        view.say(Notice.WELCOME, person.userId(), person.displayName());
        servers.lastTime();
        if (channel == null) {
            question = new Question.Channel();
        } else {
            join(channel);
        }
    }

    /** What is to be seen at all times. */
    public StatusLine status() {
        return new StatusLine(current() == null ? null : current().name(), open.tabs(), outgoing.pending(),
                subscriptions.connection(), subscriptions.connection() == Connection.UP && outgoing.hasStalled(),
                (slowFor() + 999) / 1_000, choice.chosen(), question);
    }

    /** Whether the next line is to be the name of a channel. */
    public boolean asksForChannel() {
        return question instanceof Question.Channel;
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return over;
    }

    /** How much of what the person sent to channels has not come back. */
    public int unsettled() {
        return outgoing.unsettled();
    }

    /** Whether another message can be taken; otherwise too many wait already. */
    public boolean hasRoom() {
        return outgoing.hasRoom();
    }

    /** Whether something of the person's was refused, or could not be sent or done. */
    public boolean hasFailed() {
        return outgoing.hasFailed();
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

    /**
     * What stands beside an author's name, so that nobody is taken for another: the user id; empty where the name alone
     * will do.
     *
     * @param cut whether only the beginning of the name is shown
     */
    public Optional<String> idBeside(Author author, boolean cut) {
        return namesakes.idBeside(author, cut);
    }

    /** The message of the current channel that has this id, as it stands; empty where it is not known here. */
    public Optional<PlacedMessage> known(String id) {
        return Optional.ofNullable(current()).flatMap(channel -> channel.known().find(id));
    }

    /** What the commands are called. */
    public static Collection<String> commands() {
        return Commands.names();
    }

    /** The channels that are known, sorted; for completion. */
    public List<String> channelNames() {
        return known.stream().sorted().toList();
    }

    /** Who spoke last in the current channel, the last one first; for completion. */
    public List<String> nicks() {
        Set<String> names = new LinkedHashSet<>();
        if (current() != null) {
            for (PlacedMessage placed : current().known().recent()) {
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
        Question asked = question;
        question = null;
        Input input = Commands.parse(asked, line);
        if (asked instanceof Question.Edit edit && input instanceof Input.Text text) {
            return amendments.edited(edit, text.text(), line);
        }
        return follow(input, asked instanceof Question.SendLines lines ? lines.text() : line);
    }

    /**
     * Takes a line of one who sees no question: what is read behind the closing of the last channel was meant for that,
     * and is no channel's name.
     *
     * @return as {@link #typed}
     */
    public Optional<String> piped(String line) {
        if (closed != null && current() == null && Commands.parse(null, line) instanceof Input.Text text) {
            outgoing.refuse(text.text(), closed);
            return Optional.empty();
        }
        // Whoever sees nothing can't type it again: what slow mode gives back, and what shows first what it hits.
        heldBack = line;
        boolean chose = choice.chosen().isPresent();
        Optional<String> rest = typed(line);
        return !chose && rest.isPresent() && choice.chosen().isPresent() ? typed(line) : rest;
    }

    private Optional<String> follow(Input input, String line) {
        if (input instanceof Input.Text text) {
            return hasChannel() ? say(text.text(), line) : Optional.of(line);
        } else if (input instanceof Input.ToMessage change) {
            return hasChannel() ? slowed(change, line).or(() -> amendments.follow(change, line)) : Optional.empty();
        } else if (input instanceof Input.Substitute change) {
            return hasChannel() ? amendments.substitute(change.substitution(), line) : Optional.of(line);
        } else if (input instanceof Input.Choose which) {
            if (hasChannel()) {
                choose(which.what());
            }
        } else if (input instanceof Input.Rule rule) {
            return hasChannel() && !outgoing.rule(current().name(), rule.rule(), rule.value(), OptionalLong.empty())
                    ? Optional.of(line) : Optional.empty();
        } else if (input instanceof Input.RuleFor rule) {
            return hasChannel() && !rule(rule) ? Optional.of(line) : Optional.empty();
        } else if (input instanceof Input.Draft draft) {
            return Optional.of(draft.text());
        } else if (input instanceof Input.Pasted pasted) {
            question = new Question.SendLines(pasted.text(), pasted.lines());
        } else if (input instanceof Input.Join join) {
            join(join.channel());
        } else if (input instanceof Input.History history) {
            ask(View.Past.HISTORY, history.count());
        } else if (input instanceof Input.Search search) {
            if (hasChannel()) {
                servers.search(current().name(), search.text());
            }
        } else if (input instanceof Input.Nick nick) {
            return outgoing.rename(nick.name()) ? Optional.empty() : Optional.of(line);
        } else if (input instanceof Input.Wrong wrong) {
            outgoing.cannot(wrong.notice(), wrong.what(), Commands.MAX_COUNT);
        } else if (input instanceof Input.Command command) {
            follow(command);
        }
        return Optional.empty();
    }

    /** An answer, where a message is chosen. */
    private Optional<String> say(String text, String line) {
        if (choice.chosen().isPresent()) {
            Input.Reply reply = new Input.Reply(text);
            return slowed(reply, line).or(() -> amendments.follow(reply, line));
        }
        return isSlowed(line) || !outgoing.say(current().name(), text) ? Optional.of(line) : Optional.empty();
    }

    private Optional<String> slowed(Input.ToMessage input, String line) {
        return input instanceof Input.Reply && choice.chosen().isPresent() && isSlowed(line)
                ? Optional.of(line) : Optional.empty();
    }

    /** Whether slow mode would have a message refused now, which the person is told of once. */
    private boolean isSlowed(String line) {
        boolean slowed = slowFor() > 0 && !line.equals(heldBack);
        heldBack = slowed ? line : null;
        if (slowed) {
            view.say(Notice.SLOWED, (slowFor() + 999) / 1_000);
        }
        return slowed;
    }

    /** How long slow mode keeps the person from sending a message here, in milliseconds. */
    private long slowFor() {
        return current() == null ? 0 : rulings.slowFor(current().name(), outgoing.pending().stream().anyMatch(
                pending -> pending.event() instanceof RawEvent.Message message
                        && message.channel().equals(current().name())));
    }

    private void choose(String what) {
        if (what.isEmpty()) {
            choice.step(-1);
        } else if (what.matches("[0-9]{1,4}")) {
            choice.clear();
            choice.step(-Math.max(1, Integer.parseInt(what)));
        } else {
            choice.clear();
            choice.find(what);
        }
        choice.chosen().ifPresentOrElse(amendments::choose, () -> outgoing.cannot(Notice.NOTHING_TO_CHOOSE));
    }

    /** Chooses a message so many further down, or up where they are less than 0; beyond the last one none. */
    public void chooseBy(int steps) {
        if (question == null) {
            choice.step(steps);
        }
    }

    /** Whether the line is taken. */
    private boolean rule(Input.RuleFor rule) {
        Set<String> users = rulings.isOfSomebody(current().name(), rule.who()) ? Set.of(rule.who())
                : namesakes.usersCalled(rule.who());
        if (users.size() > 1) {
            outgoing.cannot(Notice.SEVERAL_CALLED, rule.who(), String.join(", ", users));
            return true;
        }
        String userId = users.isEmpty() ? rule.who() : users.iterator().next();
        if (!EventRules.isUserId(userId)) {
            outgoing.cannot(Notice.NOBODY_CALLED, rule.who());
            return true;
        }
        if (!userId.equals(rule.who()) && EventRules.isUserId(rule.who())) {
            // Anybody may call themselves like another's id, who was not met yet.
            meant.add(new Meant(current().name(), rule, userId));
            servers.isUser(rule.who());
            return true;
        }
        return outgoing.rule(current().name(), rule.rule(), userId, rule.span());
    }

    /** The answer to {@link Servers#isUser}; empty: it can't be found out. */
    public void isUser(String userId, Optional<Boolean> answer) {
        List<Meant> answered = meant.stream().filter(asked -> asked.rule().who().equals(userId)).toList();
        meant.removeAll(answered);
        for (Meant asked : answered) {
            if (answer.isEmpty()) {
                outgoing.cannot(Notice.WHO_IS_UNSURE, userId, asked.calledSo());
            } else {
                outgoing.rule(asked.channel(), asked.rule().rule(), answer.get() ? userId : asked.calledSo(),
                        asked.rule().span());
            }
        }
        endIfSettled();
    }

    private void follow(Input.Command command) {
        switch (command) {
            case NOTHING -> {
                choice.clear();
                askForChannelIfThereIsNone();
            }
            case CHOOSE_CHANNEL -> question = new Question.Channel();
            case COMPOSE -> question = new Question.Text();
            case LEAVE -> leave();
            case CHANNELS -> servers.channels(true);
            case USERS -> {
                if (hasChannel()) {
                    servers.speakers(current().name());
                }
            }
            case RULES -> {
                if (hasChannel() && rulings.isKnown(current().name())) {
                    view.rules(rulings.of(current().name()));
                } else if (current() != null) {
                    view.say(Notice.RULES_UNKNOWN, current().name());
                }
            }
            case OLDER -> ask(View.Past.OLDER, PAGE);
            case BELL -> {
                bell = !bell;
                view.say(bell ? Notice.BELL_ON : Notice.BELL_OFF);
            }
            case MENU -> {
                view.say(Notice.MENU);
                question = new Question.Choice();
            }
            case HELP -> view.say(Notice.HELP);
            case QUIT -> quit();
            case QUIT_ANYWAY -> over = true;
            case STAY -> {
                ending = false;
                view.say(Notice.STAYING);
            }
        }
    }

    /** Whether there is a channel to do something in; otherwise the person is asked for one. */
    private boolean hasChannel() {
        if (current() == null) {
            outgoing.cannot(Notice.NO_CHANNEL);
            question = new Question.Channel();
        }
        return current() != null;
    }

    private OpenChannel current() {
        return open.current();
    }

    private void join(String name) {
        if (Topics.isChannelName(name)) {
            known.add(name);
            subscriptions.join(name);
            rulings.tell(name);
        } else {
            outgoing.cannot(Notice.INVALID_CHANNEL, name);
            askForChannelIfThereIsNone();
        }
    }

    private void askForChannelIfThereIsNone() {
        if (current() == null) {
            question = new Question.Channel();
        }
    }

    private void leave() {
        if (!hasChannel()) {
            return;
        }
        String name = current().name();
        long waitedFor = outgoing.pending().stream().filter(sent -> sent.event().channel().equals(name)).count();
        if (waitedFor > 0) {
            view.say(Notice.NOT_LEFT, waitedFor, name);
            return;
        }
        subscriptions.leave();
        rulings.left(name);
        askForChannelIfThereIsNone();
    }

    private void ask(View.Past kind, int count) {
        if (hasChannel()) {
            scrollback.ask(kind, count, subscriptions.mayAskKafka());
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

    private void look(OpenChannel channel) {
        subscriptions.look(channel);
        rulings.tell(channel.name());
    }

    /** Leaves, or asks where messages have not come back yet. */
    public void quit() {
        if (outgoing.unsettled() > 0) {
            question = new Question.LeaveUnsent(outgoing.unsettled());
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
            choice.clear();
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
        if (ending && outgoing.unsettled() == 0 && meant.isEmpty()) {
            over = true;
        }
    }

    // What the servers say.

    /** Kafka can be read and written. */
    public void connected() {
        rulings.connected();
        subscriptions.connected();
        outgoing.sendWaiting();
    }

    /** Kafka can't be read and written for now. */
    public void disconnected(Connection why) {
        subscriptions.disconnected(why);
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
        boolean missing = subscriptions.opened(channel, opening);
        outgoing.reopened(channel.name(), missing);
        noteOwn(opening.last());
        outgoing.sendWaiting();
        endIfSettled();
    }

    /** A channel can't be followed, whatever is tried: it is closed, with what was to be sent there. */
    public void denied(String name, String why) {
        OpenChannel channel = open.get(name);
        if (channel == null) {
            return;
        }
        subscriptions.denied(channel, why);
        rulings.left(name);
        outgoing.giveUp(name, why);
        outgoing.sendWaiting();
        if (current() == null) {
            closed = why;
            subscriptions.lookBack();
            askForChannelIfThereIsNone();
        }
        endIfSettled();
    }

    /** Which messages that records of a channel answer are not known here. */
    public Set<String> unknownAnswered(String name, List<PlacedRecord> records) {
        OpenChannel channel = open.get(name);
        Set<String> unknown = new HashSet<>();
        if (channel != null) {
            records.stream().flatMap(placed -> placed.message().stream())
                    .forEach(placed -> placed.message().replyTo().ifPresent(unknown::add));
            records.stream().flatMap(placed -> placed.message().stream())
                    .forEach(placed -> unknown.remove(placed.message().id()));
            unknown.removeIf(id -> channel.known().find(id).isPresent());
        }
        return unknown;
    }

    /**
     * Records stand in a followed channel.
     *
     * @param answered of the messages that they answer and that are not known here, those that were found
     */
    public void arrived(String name, List<PlacedRecord> records, List<PlacedMessage> answered) {
        OpenChannel channel = open.get(name);
        if (channel != null && !answered.isEmpty()) {
            channel.known().quote(answered);
        }
        arrived(name, records);
    }

    /** The same where they answer none. */
    public void arrived(String name, List<PlacedRecord> records) {
        List<Item> added = subscriptions.arrived(name, records);
        List<PlacedMessage> messages = Subscriptions.messages(added).toList();
        noteOwn(messages);
        if (bell && messages.stream().anyMatch(this::mentionsMe)) {
            view.mentioned();
        }
        added.stream().filter(Item.Changed.class::isInstance).map(item -> ((Item.Changed) item).change().record())
                .filter(ChannelRecord.Rule.class::isInstance).map(ChannelRecord.Rule.class::cast)
                .forEach(rulings::toldOf);
    }

    private void noteOwn(List<PlacedMessage> messages) {
        messages.stream().filter(person::wrote)
                .forEach(placed -> rulings.said(placed.message().channel(), placed.message().acceptedAt()));
    }

    /** What holds in a channel, whether it is open or not. */
    public void ruled(ChannelRules rules) {
        rulings.ruled(rules);
    }

    /** What holds in channels may not be read. */
    public void rulesDenied() {
        rulings.denied();
    }

    /** A channel can't be followed from where it was: it is opened again. */
    public void lost(String name) {
        subscriptions.lost(name);
    }

    /**
     * The answer to {@link Servers#page}.
     *
     * @param answered the messages that these answer, as far as they are found
     * @param complete whether nothing is missing between the last of the messages and the position
     */
    public void page(int ticket, long before, List<PlacedMessage> messages, List<PlacedMessage> answered,
            boolean complete) {
        scrollback.page(ticket, before, messages, answered, complete);
    }

    /** {@link Servers#page} has no answer. */
    public void pageFailed(int ticket, long before, String why) {
        scrollback.failed(ticket, before, why);
    }

    /** {@link Servers#search} or {@link Servers#speakers} has no answer. */
    public void unanswered(String why) {
        view.say(Notice.HISTORY_AWAY, why);
    }

    /** The answer to {@link Servers#search}. */
    public void found(String channel, String text, List<PlacedMessage> messages, List<PlacedMessage> answered) {
        if (messages.isEmpty()) {
            view.say(Notice.NOTHING_FOUND, text);
        } else if (current() != null && current().name().equals(channel)) {
            current().known().quote(answered);
            List<PlacedMessage> standing = current().known().asTheyStand(messages);
            current().shownAside(standing);
            view.past(View.Past.FOUND, channel, standing);
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
        outgoing.acknowledged(messageId);
        endIfSettled();
    }

    /** Kafka will not take an event. */
    public void notSent(String messageId, String why) {
        outgoing.notSent(messageId, why);
        endIfSettled();
    }

    /** Something of the person's stands in its channel: told behind what shows it. */
    public void inChannel(String messageId) {
        outgoing.inChannel(messageId);
        endIfSettled();
    }

    /** The pipeline refused one of the person's events. */
    public void refused(String messageId, String code, String reason) {
        outgoing.refused(messageId, code, reason);
        endIfSettled();
    }

    /** Some time has passed, in which perhaps nothing else happened. */
    public void tick() {
        watch.tick();
        leftOff.tick();
        if (current() != null) {
            rulings.tell(current().name());
        }
    }

    /** It has ended: where the person left off is kept for the next time. */
    public void left() {
        leftOff.leave();
    }

    /**
     * The answer to {@link Servers#lastTime}: the channels of last time are opened again.
     *
     * @param marks in the order of the channels
     */
    public void lastTime(List<ReadMark> marks) {
        leftOff.lastTime(marks);
        List<String> names = marks.stream().filter(ReadMark::open).map(ReadMark::channel).toList();
        known.addAll(names);
        subscriptions.restore(names);
    }

    /** Where the person left off can't be kept, or only in part. */
    public void leftOffProblem(Notice notice, Object... arguments) {
        view.say(notice, arguments);
    }

    /**
     * Somebody whom this machine knows signs with a key that it does not.
     *
     * @param before the fingerprint of the key that was known
     * @param now that of the other key
     */
    public void otherKey(String userId, String before, String now) {
        view.say(Notice.OTHER_KEY, userId, now, before);
    }

    /**
     * The answer to {@link Servers#keys}.
     *
     * @param answered false where there is none
     */
    public void keysSeen(boolean answered) {
        watch.answered(answered);
    }

    /** A record of a channel's topic is no message. */
    public void unreadable(String where, String why) {
        view.say(Notice.UNREADABLE, where, why);
    }
}
