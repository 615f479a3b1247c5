package org.charla.client.terminal;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.charla.client.text.Graphemes;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.Links;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.Buffer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JLine's reader, whose prompt has several lines and changes while it is read. The line holds what was typed and
 * pasted, and nothing else; what could do harm is made harmless only where it is shown.
 */
final class LineEditor extends LineReaderImpl {

    private static final Logger LOG = LoggerFactory.getLogger(LineEditor.class);

    /** Within so much time comes what is pasted or typed by a program, and not what a person types, in milliseconds. */
    private static final long AT_ONCE_MS = 2;
    /** The same where something came at once before, in case the machine is busy. */
    private static final long STILL_AT_ONCE_MS = 10;

    /** How long the signal that a suspended program goes on is waited for, in milliseconds. */
    private static final long RESUMED_MS = 200;

    private static final int LONGEST_TARGET = 2_000;
    private static final int MOST_COLOURS_WITHOUT_LINKS = 8;
    private static final int TAB = 4;
    /** Of fewer rows JLine shows one. */
    private static final int TINY = 3;

    private final Attributes outside;
    private final ToIntFunction<String> columns;
    private final UnaryOperator<String> drawable;
    private final Offers offers;

    /** Guarded by the lock of the superclass, like what follows. */
    private List<AttributedString> promptLines = List.of();
    /** Whether the last key came at once after the one before. */
    private boolean atOnce;
    /** Whether the line that is read is an answer, which ends where the first line does. */
    private boolean answering;
    /** Whether what comes came at once behind an answer. */
    private boolean behindAnswer;
    private Completing completing;
    /** Not null while the program is suspended by its own key. */
    private volatile CountDownLatch resumed;

    /**
     * Offers that are gone through, one at a time.
     *
     * @param line up to the cursor, with the last one in it
     */
    private record Completing(List<String> offers, int index, String line) {
    }

    /**
     * @param outside the terminal's attributes for other programs
     * @param columns tells how many columns a text has
     * @param drawable gives what stands for a grapheme on the screen
     */
    LineEditor(Terminal terminal, Attributes outside, ToIntFunction<String> columns, UnaryOperator<String> drawable,
            Offers offers) {
        super(terminal, "charla", new HashMap<>());
        this.outside = outside;
        this.columns = columns;
        this.drawable = drawable;
        this.offers = offers;
        setOpt(Option.DISABLE_EVENT_EXPANSION);
        setOpt(Option.ERASE_LINE_ON_FINISH);
        setOpt(Option.BRACKETED_PASTE);
        // What is typed again is exactly what was typed.
        unsetOpt(Option.HISTORY_REDUCE_BLANKS);
        unsetOpt(Option.HISTORY_IGNORE_SPACE);
        setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "");
        setVariable(LineReader.BELL_STYLE, "none");
        // Quotes and backslashes are text. What it parses nobody needs, but that keys are bound to what can't do without.
        setParser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]));
        unbindText();
        bind("charla-complete", this::complete, "\t");
        bind("charla-suspend", this::suspend, KeyMap.ctrl('Z'));
    }

    /** Some terminals are described with keys that begin like text, which would be lost when it comes fast. */
    private void unbindText() {
        KeyMap<Binding> main = getKeyMaps().get(LineReader.MAIN);
        main.getBoundKeys().keySet().stream()
                .filter(keys -> keys.length() > 1 && keys.charAt(0) >= ' ' && keys.charAt(0) != 0x7F)
                .toList().forEach(keys -> {
                    // With what leads to them: an empty way loses what is typed as well.
                    for (int length = keys.length(); length > 1; length--) {
                        main.unbind(keys.substring(0, length));
                    }
                });
    }

    void bind(String name, Runnable action, String... sequences) {
        getWidgets().put(name, () -> {
            action.run();
            return true;
        });
        KeyMap<Binding> main = getKeyMaps().get(LineReader.MAIN);
        for (String sequence : sequences) {
            main.bind(new Reference(name), sequence);
        }
    }

    /** The prompt is not what {@link #readLine} is given, but what was shown last, and is no pattern. */
    @Override
    public void setPrompt(String pattern) {
        prompt = AttributedString.join(new AttributedString("\n"), promptLines);
    }

    void show(List<AttributedString> lines, List<AttributedString> newPrompt) {
        lock.lock();
        try {
            boolean changed = !newPrompt.equals(promptLines);
            promptLines = List.copyOf(newPrompt);
            setPrompt(null);
            if (!lines.isEmpty()) {
                noticeSize();
                StringBuilder text = new StringBuilder();
                lines.forEach(line -> text.append(withLinks(line)).append('\n'));
                printAbove(text.toString());
            } else if (changed && reading) {
                redisplay();
            }
        } catch (RuntimeException e) {
            LOG.error("Can't draw these lines", e);
            beginDisplay();
        } finally {
            lock.unlock();
        }
    }

    /** What was drawn for another size than the terminal has can't be removed, and the signal may come late. */
    private void noticeSize() {
        super.handleSignal(Signal.WINCH);
    }

    /** Begins to draw where the cursor is, as if nothing had been drawn. */
    private void beginDisplay() {
        display = new Display(terminal, false);
        display.resize(size);
    }

    /**
     * The line as escape sequences, and each address in it so that the terminal opens it, where it is one that is
     * likely to. <a href="https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda">Hyperlinks in terminals.</a>
     */
    private String withLinks(AttributedString line) {
        Integer colours = terminal.getNumericCapability(Capability.max_colors);
        if (colours == null || colours <= MOST_COLOURS_WITHOUT_LINKS) {
            return line.toAnsi(terminal);
        }
        StringBuilder text = new StringBuilder();
        int start = 0;
        for (Links.Link link : Links.in(line.toString())) {
            if (link.target().length() <= LONGEST_TARGET) {
                text.append(line.subSequence(start, link.start()).toAnsi(terminal))
                        .append("\033]8;;").append(link.target()).append("\033\\")
                        .append(line.subSequence(link.start(), link.end()).toAnsi(terminal))
                        .append("\033]8;;\033\\");
                start = link.end();
            }
        }
        return text.append(line.subSequence(start, line.length()).toAnsi(terminal)).toString();
    }

    void ring() {
        lock.lock();
        try {
            terminal.puts(Capability.bell);
            terminal.flush();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads a line.
     *
     * @param draft what it begins with
     * @param answer whether it is the first of those that come at once, and not all of them
     */
    String readLine(String draft, boolean answer) {
        lock.lock();
        try {
            answering = answer;
        } finally {
            lock.unlock();
        }
        return readLine(null, null, (Character) null, draft);
    }

    @Override
    public Binding readBinding(KeyMap<Binding> keys, KeyMap<Binding> local) {
        atOnce = comesWithin(AT_ONCE_MS);
        behindAnswer &= atOnce;
        return super.readBinding(keys, local);
    }

    private boolean comesWithin(long millis) {
        return bindingReader.peekCharacter(millis) >= 0;
    }

    /** Whether what was just typed has something right behind it, as no person types. */
    private boolean hasMoreBehind() {
        return comesWithin(atOnce ? STILL_AT_ONCE_MS : AT_ONCE_MS);
    }

    /**
     * Where the terminal doesn't tell what is pasted, its line ends are those that come at once between other keys, or
     * in front of them where nothing was typed. What came before anybody could read it came at once as well. A command
     * behind an answer stays in the line, to be seen before it is run.
     */
    @Override
    protected boolean acceptLine() {
        boolean more = hasMoreBehind();
        if (more && getLastBinding().equals("\r") && bindingReader.peekCharacter(AT_ONCE_MS) == '\n') {
            bindingReader.readCharacter();
            more = hasMoreBehind();
        }
        if (more && !answering && (atOnce || buf.length() == 0)) {
            buf.write('\n');
            return true;
        }
        if (behindAnswer && !answering && buf.length() > 0 && buf.atChar(0) == '/') {
            return true;
        }
        behindAnswer = answering && (more || behindAnswer);
        return super.acceptLine();
    }

    /** What comes all at once is drawn once. */
    @Override
    protected boolean selfInsert() {
        boolean inserted = super.selfInsert();
        skipRedisplay = atOnce && comesWithin(AT_ONCE_MS);
        return inserted;
    }

    /** Takes what is pasted as it is, but that terminals and systems end lines in different ways. */
    @Override
    public boolean beginPaste() {
        buf.write(doReadStringUntil(BRACKETED_PASTE_END).replace("\r\n", "\n").replace('\r', '\n'));
        return true;
    }

    /** As JLine does, which reads twice what was pushed back. */
    @Override
    protected String doReadStringUntil(String end) {
        StringBuilder read = new StringBuilder();
        lock.unlock();
        try {
            while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
                int c = bindingReader.readCharacter();
                if (c < 0) {
                    throw new EndOfFileException();
                }
                read.appendCodePoint(c);
            }
        } finally {
            lock.lock();
        }
        return read.substring(0, read.length() - end.length());
    }

    /** Completes the word in front of the cursor: with the next offer, where it was completed just before. */
    private void complete() {
        if (hasMoreBehind()) {
            buf.write('\t');
            return;
        }
        String line = buf.upToCursor();
        if (completing != null && completing.line.equals(line)) {
            int next = (completing.index + 1) % completing.offers.size();
            complete(line.substring(0, line.length() - completing.offers.get(completing.index).length()),
                    completing.offers, next);
            return;
        }
        int start = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\n')) + 1;
        List<String> before = start == 0 ? List.of() : Arrays.asList(line.substring(0, start - 1).split("[ \n]", -1));
        List<String> found = offers.of(line.substring(start), before).stream().map(offer -> offer + ' ').toList();
        if (!found.isEmpty()) {
            complete(line.substring(0, start), found, 0);
        }
    }

    private void complete(String before, List<String> found, int index) {
        String typed = buf.upToCursor().substring(before.length());
        buf.backspace(typed.codePointCount(0, typed.length()));
        buf.write(found.get(index));
        completing = new Completing(found, index, buf.upToCursor());
    }

    /**
     * Draws the line as it may be shown, and what can't be drawn so that it can: a fault in drawing must not end the
     * reading.
     */
    @Override
    protected void redisplay(boolean flush) {
        lock.lock();
        Buffer typed = buf.copy();
        AttributedString whole = prompt;
        try {
            if (skipRedisplay) {
                skipRedisplay = false;
                return;
            }
            noticeSize();
            if (size.getRows() < TINY && !promptLines.isEmpty() && prompt.length() > 0) {
                prompt = promptLines.get(promptLines.size() - 1);
            }
            try {
                draw(HarmlessText.edited(typed.toString(), typed.upToCursor().length()), flush);
            } catch (RuntimeException e) {
                LOG.error("Can't draw the line", e);
                beginDisplay();
                draw(new HarmlessText.Edited("\uFFFD", 1), flush);
            }
        } finally {
            prompt = whole;
            buf.copyFrom(typed);
            lock.unlock();
        }
    }

    /**
     * Draws the line broken into rows: where the terminal broke it, nobody could say what becomes of it when the size
     * of the window changes.
     */
    private void draw(HarmlessText.Edited shown, boolean flush) {
        StringBuilder rows = new StringBuilder();
        int cursor = 0;
        int index = 0;
        int used = columns.applyAsInt(promptLines.isEmpty() ? "" : promptLines.get(promptLines.size() - 1).toString());
        for (String grapheme : Graphemes.of(shown.text())) {
            String drawn = grapheme.equals("\t") ? " ".repeat(TAB - used % TAB) : drawable.apply(grapheme);
            int width = grapheme.equals("\n") ? 0 : columns.applyAsInt(drawn);
            if (used + width >= size.getColumns() && size.getRows() >= TINY && width > 0) {
                rows.append('\n');
                used = 0;
            }
            if (index <= shown.cursor()) {
                cursor = rows.length();
            }
            rows.append(drawn);
            used = grapheme.equals("\n") ? 0 : used + width;
            index += grapheme.length();
        }
        if (index <= shown.cursor()) {
            cursor = rows.length();
        }
        buf.clear();
        buf.write(rows);
        buf.cursor(rows.codePointCount(0, cursor));
        super.redisplay(flush);
    }

    /** Gives the terminal back and stops, with all that is in the foreground with it, until the shell lets it go on. */
    private void suspend() {
        display.update(List.of(), 0);
        terminal.puts(Capability.keypad_local);
        terminal.writer().write("\033[?2004l");
        terminal.flush();
        Attributes inside = terminal.getAttributes();
        terminal.setAttributes(outside);
        resumed = new CountDownLatch(1);
        try {
            new ProcessBuilder("sh", "-c", "kill -s TSTP 0").start().waitFor();
            resumed.await(RESUMED_MS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            LOG.warn("Can't stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            resumed = null;
        }
        resume(inside);
    }

    private void resume(Attributes inside) {
        terminal.setAttributes(inside);
        terminal.puts(Capability.keypad_xmit);
        terminal.writer().write("\033[?2004h\r");
        size = terminal.getSize();
        beginDisplay();
    }

    @Override
    protected void handleSignal(Signal signal) {
        CountDownLatch own = resumed;
        if (signal != Signal.CONT) {
            super.handleSignal(signal);
        } else if (own != null) {
            own.countDown();
        } else {
            lock.lock();
            try {
                terminal.enterRawMode();
                resume(terminal.getAttributes());
                redisplay();
            } finally {
                lock.unlock();
            }
        }
    }
}
