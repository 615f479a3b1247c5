package org.charla.client.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jline.utils.AttributedString;

/** A terminal that can't move its cursor, or none at all: lines go in and out one below the other. */
final class PlainTty implements Tty {

    /** Nothing is known about what reads this; a usual width does no harm. */
    private static final int COLUMNS = 80;

    private final Callable<String> in;
    private final Consumer<String> out;
    private final boolean prompts;
    private String lastPrompt = "";

    /**
     * @param in gives the next line, null at the end
     * @param out takes a line
     * @param prompts whether there is somebody to be told what the next line is for
     */
    PlainTty(Callable<String> in, Consumer<String> out, boolean prompts) {
        this.in = in;
        this.out = out;
        this.prompts = prompts;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int columnsOf(String text) {
        return new AttributedString(text).columnLength();
    }

    @Override
    public void show(List<AttributedString> lines, List<AttributedString> prompt) {
        lines.forEach(line -> out.accept(line.toString()));
        String last = prompt.isEmpty() ? "" : prompt.get(prompt.size() - 1).toString();
        if (prompts && !last.equals(lastPrompt)) {
            lastPrompt = last;
            out.accept(last);
        }
    }

    @Override
    public void attend() {
        // There are no keys.
    }

    @Override
    public String read(String draft, boolean answer) throws InterruptedException {
        try {
            return in.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new InterruptedException("");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void ring() {
        // A pipe has no bell.
    }

    @Override
    public void stop() {
        // A line that is being read can't be given up here; the process ends without it.
    }

    @Override
    public void close() {
        // The streams are the process's.
    }
}
