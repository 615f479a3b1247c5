package org.charla.client.chat;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The channels that are to be opened, one after the other: however many there are, what the person asks for meanwhile is
 * asked between two of them. The one that is looked at doesn't wait for its turn.
 */
final class Openings {

    private final Set<OpenChannel> waiting = new LinkedHashSet<>();
    private final Consumer<OpenChannel> opener;
    /** The one whose turn it is; null: nobody's. */
    private OpenChannel inTurn;
    private boolean begun;

    /** @param opener asks for one, whose answer is told by {@link #answered} */
    Openings(Consumer<OpenChannel> opener) {
        this.opener = opener;
    }

    /**
     * From now on channels are opened, not before.
     *
     * @param looked the one that is looked at; null where there is none
     */
    void begin(OpenChannel looked) {
        begun = true;
        hurry(looked);
        next();
    }

    /** The channel is to be opened when it is its turn. */
    void add(OpenChannel channel) {
        waiting.add(channel);
        next();
    }

    /** The channel is looked at, if it isn't null: where it is to be opened, then now. */
    void hurry(OpenChannel channel) {
        if (begun && waiting.remove(channel)) {
            opener.accept(channel);
        }
    }

    /** A channel's opening has its answer, or is not wanted any more. */
    void answered(OpenChannel channel) {
        waiting.remove(channel);
        if (channel == inTurn) {
            inTurn = null;
            next();
        }
    }

    private void next() {
        Iterator<OpenChannel> first = waiting.iterator();
        if (begun && inTurn == null && first.hasNext()) {
            inTurn = first.next();
            first.remove();
            opener.accept(inTurn);
        }
    }
}
