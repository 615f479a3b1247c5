package org.charla.client.terminal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.Lines;
import org.jline.utils.AttributedString;

/** A terminal that can't move its cursor, or none at all: lines go in and out one below the other. */
final class PlainTty implements Tty {

    /** Nothing is known about what reads this; a usual width does no harm. */
    private static final int COLUMNS = 80;

    /** Within so much time behind a line comes what is pasted with it, and not what a person types, in milliseconds. */
    private static final long AT_ONCE_MS = 20;

    private final Lines in;
    private final Console console;
    private volatile String lastPrompt = "";
    /** Whether what comes came at once behind an answer. */
    private boolean behindAnswer;

    /** @param console where it is answered, somebody is told what the next line is for, and may paste several */
    PlainTty(Console console) {
        this.in = new Lines(console.in());
        this.console = console;
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
        lines.forEach(line -> console.line(line.toString()));
        String last = prompt.isEmpty() ? "" : prompt.get(prompt.size() - 1).toString();
        if (console.isAnswered() && !last.equals(lastPrompt)) {
            lastPrompt = last;
            console.ask(last);
        }
    }

    @Override
    public void attend() {
        // There are no keys.
    }

    @Override
    public String read(String draft, boolean answer) throws InterruptedException {
        try {
            return console.isAnswered() ? readFromPerson(answer) : next();
        } catch (IOException e) {
            throw new CommandFailure("standard input can't be read any further: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new InterruptedException("");
        }
    }

    /** The next line that can be read; null at the end. */
    private String next() throws IOException {
        for (Lines.Line line = in.next(); line != null; line = in.next()) {
            if (line.problem() == null) {
                return line.text();
            }
            console.error("line " + line.number() + ": " + line.problem());
        }
        return null;
    }

    /** As {@link LineEditor} reads: a command that came at once behind an answer is seen before it is run. */
    private String readFromPerson(boolean answer) throws IOException, InterruptedException {
        String line = next();
        boolean more = line != null && comesMore();
        if (answer) {
            behindAnswer = more;
            return line;
        }
        boolean unseen = behindAnswer && !more && line != null && line.startsWith("/");
        behindAnswer = false;
        if (unseen) {
            return confirmed(line);
        }
        StringBuilder lines = new StringBuilder(line == null ? "" : line);
        while (more) {
            String next = next();
            lines.append(next == null ? "" : '\n' + next);
            more = next != null && comesMore();
        }
        return line == null ? null : lines.toString();
    }

    /** The command where the line behind it is empty, otherwise that line. */
    private String confirmed(String command) throws IOException {
        console.ask(HarmlessText.of(lastPrompt + " " + command));
        String line = next();
        return line != null && line.isEmpty() ? command : line;
    }

    private boolean comesMore() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AT_ONCE_MS);
        while (!in.hasMore()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
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
