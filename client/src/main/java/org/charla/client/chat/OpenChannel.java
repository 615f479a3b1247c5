package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;

/**
 * An open channel: where it goes on, and what of it has been seen. What it keeps is bounded, however long it is open.
 */
final class OpenChannel {

    private static final long NOTHING_SHOWN = Long.MAX_VALUE;

    private final String name;
    private final KnownMessages known = new KnownMessages();

    /** Changes with every opening: tells an answer from one that is out of date. */
    private int ticket;
    private boolean opening;
    private boolean live;
    private boolean openedBefore;
    /** Whether any server has said what there is. */
    private boolean hasPlace;
    /** How often in a row it was opened without an answer of Kafka. */
    private int failures;
    private int asked;

    /** Every message in front of this position is known. */
    private long next;

    /** Every message in front of this position has been shown. */
    private long seen = ReadMark.NOWHERE;

    /** When the person saw it last, in epoch milliseconds, if that was another time; 0: it was not. */
    private long leftAt;

    /** Where the topic ended when it was found to be made anew, which nobody has been told of yet. */
    private OptionalLong anew = OptionalLong.empty();

    /** Where what is shown of the channel begins. */
    private long begin = NOTHING_SHOWN;

    /** Where the last message stands that was shown, be it on a page of the past. */
    private long bottom;

    private long unread;
    private boolean mentioned;

    /** Whether messages may be missing in front of those that are kept, which nobody has been told of yet. */
    private boolean gap;

    OpenChannel(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    int ticket() {
        return ticket;
    }

    boolean isOpening() {
        return opening;
    }

    /** Whether it goes on by itself; otherwise it has to be opened again. */
    boolean isLive() {
        return live;
    }

    /** Whether the last opening was the second in a row that Kafka had no answer to. */
    boolean hasFailedToOpenTwice() {
        return failures == 2;
    }

    long next() {
        return next;
    }

    long unread() {
        return unread;
    }

    boolean isMentioned() {
        return mentioned;
    }

    /** In front of which position all has been shown; {@link ReadMark#NOWHERE}: nothing was. */
    long seen() {
        return seen;
    }

    /** When the person saw it last, in epoch milliseconds, if that was another time and nothing was shown since; else 0. */
    long leftAt() {
        return leftAt;
    }

    /** Where its topic ended when it was found to be made anew, if it was: it says so once. */
    OptionalLong takeAnew() {
        OptionalLong taken = anew;
        anew = OptionalLong.empty();
        return taken;
    }

    /** Whether it was known at any time what there is. */
    boolean hasPlace() {
        return hasPlace;
    }

    /** It goes on where the person left off another time, unless it has gone on already. */
    void leftOff(long position, long at) {
        if (!hasPlace) {
            seen = position;
            leftAt = at;
        }
    }

    /** From which position on what is unread has not been counted; {@link ReadMark#NOWHERE}: nothing is known of that. */
    long uncountedFrom() {
        return hasPlace ? Math.max(next, seen) : seen;
    }

    /** @param count how many messages are asked for */
    void opening(int newTicket, int count) {
        ticket = newTicket;
        asked = count;
        opening = true;
        live = false;
    }

    /**
     * What an opening adds.
     *
     * @param items what is new, in order: messages, and what happened to those that are known
     * @param anew whether the topic is another one than before
     * @param first whether the channel was opened for the first time
     * @param missing whether there may be messages in front of these that nobody has read
     */
    record Added(List<Item> items, boolean anew, boolean first, boolean missing) {
    }

    Added opened(Opening opened) {
        boolean begunAgain = opened.next().isPresent() && opened.next().getAsLong() < Math.max(next, seen);
        if (begunAgain) {
            anew = opened.next();
            next = 0;
            seen = 0;
            leftAt = 0;
            begin = NOTHING_SHOWN;
            known.forgetAll();
        }
        long from = next;
        // What the store has of the former topic is behind the end of this one.
        long to = begunAgain ? opened.next().getAsLong() : Long.MAX_VALUE;
        List<PlacedMessage> added = opened.last().stream()
                .filter(placed -> placed.position() >= from && placed.position() < to).toList();
        // What is known does not reach up to what has come, or nobody could say whether it does.
        boolean missing = openedBefore && !begunAgain && added.size() == opened.last().size()
                && (opened.last().size() >= asked || opened.historyProblem() != null)
                && opened.next().orElse(next) > next;
        if (missing) {
            forget();
        }
        gap = missing || gap && !begunAgain;
        known.quote(opened.answered());
        List<Item> items = new ArrayList<>();
        if (openedBefore && !begunAgain) {
            items.addAll(known.learn(
                    opened.last().stream().filter(placed -> placed.position() < from).toList(), opened.next()));
        }
        added.forEach(placed -> {
            keep(placed);
            items.add(new Item.Said(placed));
        });
        for (PlacedRecord change : opened.changes()) {
            // Of a message that isn't known here there is to tell what one would have been told who had stayed.
            known.change(change).filter(changed -> changed.target().isPresent()
                    || openedBefore && !missing && change.position() >= from).ifPresent(items::add);
        }
        items.sort(Comparator.comparingLong(Item::position));
        opened.next().ifPresent(position -> next = position);
        opening = false;
        live = opened.next().isPresent();
        failures = live ? 0 : failures + 1;
        boolean first = !openedBefore;
        openedBefore = true;
        hasPlace |= live || !added.isEmpty();
        return new Added(items, begunAgain, first, missing || begunAgain);
    }

    /** What has been of the channel so far does not reach up to what comes. */
    private void forget() {
        begin = NOTHING_SHOWN;
        known.forgetRecent();
    }

    /** Takes what arrived; empty when it is known already, or leaves things as they are. */
    Optional<Item> arrived(PlacedRecord placed) {
        if (opening || placed.position() < next) {
            return Optional.empty();
        }
        Optional<PlacedMessage> message = placed.message();
        if (message.isPresent()) {
            keep(message.get());
            return message.map(Item.Said::new);
        }
        next = placed.position() + 1;
        return known.change(placed).map(changed -> changed);
    }

    private void keep(PlacedMessage placed) {
        next = placed.position() + 1;
        known.keep(placed);
    }

    /** This is behind what was shown before, and is shown now. */
    void shown(List<Item> items) {
        items.stream().filter(Item.Said.class::isInstance).mapToLong(Item::position).forEach(position -> {
            begin = Math.min(begin, position);
            bottom = position;
        });
        allShown();
    }

    private void allShown() {
        if (hasPlace) {
            seen = Math.max(seen, next);
            leftAt = 0;
        }
    }

    void notShown(boolean mentions) {
        notShown(1, mentions);
    }

    void notShown(long messages, boolean mentions) {
        unread += messages;
        mentioned |= mentions;
    }

    /**
     * What is shown when the channel comes to be looked at: some that were seen, and those that were not.
     *
     * @param lost how many more have not been seen
     * @param since when the person saw the channel last, in epoch milliseconds, if that was another time; else 0
     */
    record Glance(List<PlacedMessage> seen, List<Item> unseen, long lost, long since) {
    }

    /**
     * A view of the channel begins: it shows what is returned, messages as they stand by now.
     *
     * @param counts whether a message is one of those that are counted as unread
     */
    Glance look(int context, Predicate<PlacedMessage> counts) {
        List<PlacedMessage> old = new ArrayList<>();
        List<PlacedMessage> added = new ArrayList<>();
        known.recent().forEach(placed -> (placed.position() < seen ? old : added).add(placed));
        List<PlacedMessage> shown = old.subList(Math.max(0, old.size() - context), old.size());
        List<Item> unseen = new ArrayList<>(known.changesBesides(
                Stream.concat(shown.stream(), added.stream()).map(placed -> placed.message().id()).toList(), seen));
        added.forEach(placed -> unseen.add(new Item.Said(placed)));
        unseen.sort(Comparator.comparingLong(Item::position));
        long lost = Math.max(0, unread - added.stream().filter(counts).count());
        long since = leftAt;
        begin = !shown.isEmpty() ? shown.get(0).position()
                : !added.isEmpty() ? added.get(0).position() : NOTHING_SHOWN;
        bottom = next;
        allShown();
        unread = 0;
        mentioned = false;
        return new Glance(List.copyOf(shown), unseen, lost, since);
    }

    /** Whether there is a gap in front of what has not been shown, to be told of now: it says so once. */
    boolean takeGap() {
        boolean taken = gap;
        gap = false;
        return taken;
    }

    /** In front of which position older messages are to be looked for. */
    long begin() {
        return begin == NOTHING_SHOWN ? next : begin;
    }

    /** What is shown begins with this page from now on. */
    void shownPast(List<PlacedMessage> page) {
        begin = page.get(0).position();
        // Only where nothing was known yet does a page reach further: then it is what is known, and is shown again.
        long before = next;
        page.stream().filter(placed -> placed.position() >= before).forEach(this::keep);
        seen = Math.max(seen, next);
        shownAside(page);
    }

    /** These messages of the past are at the bottom of the screen. */
    void shownAside(List<PlacedMessage> page) {
        known.turnTo(page);
        bottom = page.get(page.size() - 1).position();
    }

    /** Where the last message stands that was shown. */
    long bottom() {
        return bottom;
    }

    KnownMessages known() {
        return known;
    }
}
