package org.charla.client.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import org.charla.client.text.Graphemes;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.WCWidth;

/**
 * A terminal with a line that is edited while others appear above it. While nothing is read, what is typed is neither
 * shown nor lost: it waits for the next line.
 */
final class EditedTty implements Tty {

    /** What the keys do that are not for editing. */
    interface Keys {

        void switchBy(int steps);

        void switchTo(int number);

        void switchToUnread();

        void older();

        /** Chooses a message, so many further down, or up where they are less than 0. */
        void chooseBy(int steps);
    }

    /** The exit status of what a signal ended, as shells have it. */
    private static final int INTERRUPTED = 130;

    private final Terminal terminal;
    private final Probe probe;
    private final LineEditor editor;
    private volatile Thread reading;

    private EditedTty(Terminal terminal, Attributes outside, Probe probe, Keys keys, Offers offers) {
        this.terminal = terminal;
        this.probe = probe;
        this.editor = new LineEditor(terminal, outside, this::columnsOf, this::editable, offers);
        bind(keys);
    }

    /** Takes a terminal over as it is, without asking what it can do. */
    EditedTty(Terminal terminal, Keys keys, Offers offers) {
        this(terminal, terminal.getAttributes(), Probe.NONE, keys, offers);
    }

    /** Takes a terminal over, with what was typed into it before. Its keys for signals still send them. */
    static EditedTty open(Terminal terminal, Keys keys, Offers offers) {
        Attributes outside = terminal.getAttributes();
        Attributes silent = new Attributes(outside);
        silent.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN), false);
        silent.setInputFlags(EnumSet.of(InputFlag.IXON, InputFlag.ICRNL, InputFlag.INLCR), false);
        silent.setControlChar(ControlChar.VMIN, 1);
        silent.setControlChar(ControlChar.VTIME, 0);
        // What the system does by itself leaves a terminal that shows nothing of what is typed.
        terminal.handle(Signal.INT, signal -> System.exit(INTERRUPTED));
        terminal.handle(Signal.QUIT, signal -> System.exit(INTERRUPTED));
        terminal.setAttributes(silent);
        Probe probe = Probe.of(terminal);
        if (probe.mode()) {
            terminal.writer().write(Probe.MODE + 'h');
        }
        if (probe.joins()) {
            terminal.setGraphemeClusterMode(true, true);
        }
        EditedTty tty = new EditedTty(terminal, outside, probe, keys, offers);
        tty.editor.runMacro(probe.typed());
        return tty;
    }

    /** As irssi and weechat have them. */
    private void bind(Keys keys) {
        for (int i = 1; i <= 9; i++) {
            int number = i;
            editor.bind("charla-channel-" + i, () -> keys.switchTo(number), KeyMap.alt((char) ('0' + i)));
        }
        editor.bind("charla-next", () -> keys.switchBy(1), KeyMap.ctrl('N'), "\033[1;3C", "\033\033[C");
        editor.bind("charla-previous", () -> keys.switchBy(-1), KeyMap.ctrl('P'), "\033[1;3D", "\033\033[D");
        editor.bind("charla-unread", keys::switchToUnread, KeyMap.alt('a'));
        editor.bind("charla-older", keys::older, "\033[5~");
        // Where the terminal keeps the arrows to itself, the letters do, as in pagers.
        editor.bind("charla-choose-above", () -> keys.chooseBy(-1), "\033[1;3A", "\033\033[A", KeyMap.alt('k'));
        editor.bind("charla-choose-below", () -> keys.chooseBy(1), "\033[1;3B", "\033\033[B", KeyMap.alt('j'));
    }

    @Override
    public int columns() {
        int columns = terminal.getSize().getColumns();
        return columns > 0 ? columns : 80;
    }

    /** By grapheme, as the editor measures it, and not less than the terminal needs. */
    @Override
    public int columnsOf(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text.length();
        }
        return Graphemes.of(text).stream().mapToInt(this::columnsOfGrapheme).sum();
    }

    private int columnsOfGrapheme(String grapheme) {
        int columns = new AttributedString(grapheme).columnLength(terminal);
        boolean tinted = grapheme.codePoints().anyMatch(EditedTty::isTint);
        return tinted && !probe.tints()
                ? Math.max(columns, grapheme.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum()) : columns;
    }

    /** A grapheme as the terminal and the editor agree on its columns: they have to, where the cursor moves. */
    private String editable(String grapheme) {
        if (!probe.joins() || probe.tints() && probe.widens()) {
            return grapheme;
        }
        return grapheme.codePoints().filter(c -> (probe.tints() || !isTint(c)) && (probe.widens() || c != 0xFE0F))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static boolean isTint(int c) {
        return c >= 0x1F3FB && c <= 0x1F3FF;
    }

    @Override
    public void show(List<AttributedString> lines, List<AttributedString> prompt) {
        editor.show(lines, prompt);
    }

    @Override
    public void attend() {
        terminal.enterRawMode();
    }

    @Override
    public String read(String draft, boolean answer) throws InterruptedException {
        reading = Thread.currentThread();
        try {
            return editor.readLine(draft, answer);
        } catch (EndOfFileException e) {
            return null;
        } catch (UserInterruptException e) {
            throw new InterruptedException(e.getPartialLine());
        } finally {
            reading = null;
        }
    }

    @Override
    public void ring() {
        editor.ring();
    }

    @Override
    public void stop() {
        Thread thread = reading;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void close() {
        try {
            if (probe.mode()) {
                terminal.writer().write(Probe.MODE + 'l');
            }
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
