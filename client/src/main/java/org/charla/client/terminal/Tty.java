package org.charla.client.terminal;

import java.util.List;
import org.jline.utils.AttributedString;

/** Where lines are written to and read from. Written by one thread while another reads. */
interface Tty extends AutoCloseable {

    /** How many columns a line may have. */
    int columns();

    /** How many columns a text has on this terminal, which may be more than it needs. */
    int columnsOf(String text);

    /**
     * Writes lines above the one that is being typed, and shows other lines about it.
     *
     * @param lines may be none
     * @param prompt what stands in front of the line that is being typed, and above it
     */
    void show(List<AttributedString> lines, List<AttributedString> prompt);

    /** From now on keys that would send signals are read like any other, in their order, also while no line is read. */
    void attend();

    /**
     * Reads a line, or several that come at once, as those do that are pasted.
     *
     * @param draft what it begins with
     * @param answer whether only one line is wanted: the next ones wait
     * @return null where there is nothing more to read
     * @throws InterruptedException if the line was given up; its message is what had been typed of it
     */
    String read(String draft, boolean answer) throws InterruptedException;

    /** Rings the bell, where there is one. */
    void ring();

    /** Makes {@link #read} return or throw. */
    void stop();

    @Override
    void close();
}
