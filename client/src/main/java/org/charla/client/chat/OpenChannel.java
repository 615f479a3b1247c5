package org.charla.client.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.charla.access.PlacedMessage;

/**
 * An open channel: where it goes on, and what of it has been seen. What it keeps is bounded, however long it is open.
 */
final class OpenChannel {

    /** How many messages are kept for when the channel is shown again, and how many characters in all. */
    private static final int KEPT = 200;
    private static final int KEPT_CHARACTERS = 100_000;

    private static final long NOTHING_SHOWN = Long.MAX_VALUE;

    private final String name;
    private final Deque<PlacedMessage> recent = new ArrayDeque<>();
    private int recentCharacters;

    /** Changes with every opening: tells an answer from one that is out of date. */
    private int ticket;
    private boolean opening;
    private boolean live;
    private boolean openedBefore;
    /** How often in a row it was opened without an answer of Kafka. */
    private int failures;
    private int asked;

    /** Every message in front of this position is known. */
    private long next;

    /** Every message in front of this position has been shown. */
    private long seen;

    /** Where what is shown of the channel begins. */
    private long begin = NOTHING_SHOWN;

    private int unread;
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

    int unread() {
        return unread;
    }

    boolean isMentioned() {
        return mentioned;
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
     * @param messages those that are new, in order
     * @param anew whether the topic is another one than before
     * @param first whether the channel was opened for the first time
     */
    record Added(List<PlacedMessage> messages, boolean anew, boolean first) {
    }

    Added opened(Opening opened) {
        boolean anew = opened.next().isPresent() && opened.next().getAsLong() < next;
        if (anew) {
            next = 0;
            seen = 0;
            forget();
        }
        long from = next;
        List<PlacedMessage> added = opened.last().stream().filter(placed -> placed.position() >= from).toList();
        // What is known does not reach up to what has come, or nobody could say whether it does.
        boolean missing = openedBefore && !anew && added.size() == opened.last().size()
                && (opened.last().size() >= asked || opened.historyProblem() != null)
                && opened.next().orElse(next) > next;
        if (missing) {
            forget();
        }
        gap = missing || gap && !anew;
        added.forEach(this::keep);
        opened.next().ifPresent(position -> next = position);
        opening = false;
        live = opened.next().isPresent();
        failures = live ? 0 : failures + 1;
        boolean first = !openedBefore;
        openedBefore = true;
        return new Added(added, anew, first);
    }

    /** What has been of the channel so far does not reach up to what comes. */
    private void forget() {
        begin = NOTHING_SHOWN;
        recent.clear();
        recentCharacters = 0;
    }

    /** Takes a message that arrived; false when it is known already. */
    boolean arrived(PlacedMessage placed) {
        if (opening || placed.position() < next) {
            return false;
        }
        keep(placed);
        return true;
    }

    private void keep(PlacedMessage placed) {
        next = placed.position() + 1;
        recent.add(placed);
        recentCharacters += placed.message().text().length();
        while (recent.size() > KEPT || recentCharacters > KEPT_CHARACTERS && recent.size() > 1) {
            recentCharacters -= recent.remove().message().text().length();
        }
    }

    /** These messages are behind what was shown before, and are shown now. */
    void shown(List<PlacedMessage> messages) {
        if (!messages.isEmpty()) {
            begin = Math.min(begin, messages.get(0).position());
        }
        seen = next;
    }

    void notShown(boolean mentions) {
        unread++;
        mentioned |= mentions;
    }

    /**
     * What is shown when the channel comes to be looked at: some that were seen, and those that were not.
     *
     * @param lost how many more have not been seen
     */
    record Glance(List<PlacedMessage> seen, List<PlacedMessage> unseen, int lost) {
    }

    /** A view of the channel begins: it shows what is returned. */
    Glance look(int context) {
        List<PlacedMessage> old = new ArrayList<>();
        List<PlacedMessage> unseen = new ArrayList<>();
        recent.forEach(placed -> (placed.position() < seen ? old : unseen).add(placed));
        List<PlacedMessage> shown = old.subList(Math.max(0, old.size() - context), old.size());
        int lost = Math.max(0, unread - unseen.size());
        begin = !shown.isEmpty() ? shown.get(0).position()
                : !unseen.isEmpty() ? unseen.get(0).position() : NOTHING_SHOWN;
        seen = next;
        unread = 0;
        mentioned = false;
        return new Glance(List.copyOf(shown), unseen, lost);
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
        long known = next;
        page.stream().filter(placed -> placed.position() >= known).forEach(this::keep);
        seen = Math.max(seen, next);
    }

    /** The messages that are kept, the oldest first. */
    Iterable<PlacedMessage> recent() {
        return recent;
    }
}
