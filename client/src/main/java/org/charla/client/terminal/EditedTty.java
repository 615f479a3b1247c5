package org.charla.client.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import org.charla.client.text.HarmlessText;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * A terminal with a line that is edited while others appear above it: JLine's reader, whose prompt has several lines
 * and changes while it is read.
 */
final class EditedTty implements Tty {

    /** What the keys do that are not for editing. */
    interface Keys {

        void switchBy(int steps);

        void switchTo(int number);

        void switchToUnread();

        void older();
    }

    /** Offers what the word that is being typed may become. */
    interface Offers {

        /**
         * @param word as far as the cursor
         * @param words those in front of it
         */
        List<String> of(String word, List<String> words);
    }

    private final Terminal terminal;
    private final Reader reader;
    private volatile Thread reading;

    EditedTty(Terminal terminal, Keys keys, Offers offers) {
        this.terminal = terminal;
        this.reader = new Reader(terminal);
        reader.setOpt(Option.DISABLE_EVENT_EXPANSION);
        reader.setOpt(Option.ERASE_LINE_ON_FINISH);
        reader.setOpt(Option.BRACKETED_PASTE);
        reader.unsetOpt(Option.INSERT_TAB);
        reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "");
        reader.setVariable(LineReader.BELL_STYLE, "none");
        // Words are what stands between blanks: quotes and backslashes are text.
        reader.setParser((line, cursor, context) -> Words.of(line, cursor));
        reader.setCompleter((lineReader, line, candidates) -> offers.of(
                        line.word().substring(0, line.wordCursor()), line.words().subList(0, line.wordIndex()))
                .forEach(offer -> candidates.add(new Candidate(offer, offer, null, null, null, null, true))));
        bind(keys);
    }

    /** A line as words between blanks. */
    private record Words(String line, List<String> words, int wordIndex, int wordCursor, int cursor)
            implements CompletingParsedLine {

        static Words of(String line, int cursor) {
            List<String> words = List.of(line.split(" ", -1));
            int index = 0;
            int start = 0;
            while (start + words.get(index).length() < cursor) {
                start += words.get(index).length() + 1;
                index++;
            }
            return new Words(line, words, index, cursor - start, cursor);
        }

        @Override
        public String word() {
            return words.get(wordIndex);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor;
        }

        @Override
        public int rawWordLength() {
            return word().length();
        }
    }

    /** As irssi and weechat have them. */
    private void bind(Keys keys) {
        for (int i = 1; i <= 9; i++) {
            int number = i;
            bind("charla-channel-" + i, () -> keys.switchTo(number), KeyMap.alt((char) ('0' + i)));
        }
        bind("charla-next", () -> keys.switchBy(1), KeyMap.ctrl('N'), "\033[1;3C", "\033\033[C");
        bind("charla-previous", () -> keys.switchBy(-1), KeyMap.ctrl('P'), "\033[1;3D", "\033\033[D");
        bind("charla-unread", keys::switchToUnread, KeyMap.alt('a'));
        bind("charla-older", keys::older, "\033[5~");
    }

    private void bind(String name, Runnable action, String... sequences) {
        reader.getWidgets().put(name, () -> {
            action.run();
            return true;
        });
        KeyMap<Binding> main = reader.getKeyMaps().get(LineReader.MAIN);
        for (String sequence : sequences) {
            main.bind(new Reference(name), sequence);
        }
    }

    @Override
    public int columns() {
        int columns = terminal.getWidth();
        return columns > 0 ? columns : 80;
    }

    @Override
    public void show(List<AttributedString> lines, List<AttributedString> prompt) {
        reader.show(lines, AttributedString.join(new AttributedString("\n"), prompt));
    }

    @Override
    public String read(String draft) throws InterruptedException {
        reading = Thread.currentThread();
        try {
            return reader.readLine(null, null, (Character) null, draft);
        } catch (EndOfFileException e) {
            return null;
        } catch (UserInterruptException e) {
            throw new InterruptedException(e.getPartialLine());
        } finally {
            reading = null;
        }
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
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Reader extends LineReaderImpl {

        /** Guarded by the lock of the superclass. */
        private AttributedString lastShown = AttributedString.EMPTY;

        Reader(Terminal terminal) {
            super(terminal, "charla", new HashMap<>());
        }

        /** The prompt is not what {@link #readLine} is given, but what was shown last, and is no pattern. */
        @Override
        public void setPrompt(String pattern) {
            prompt = lastShown;
        }

        void show(List<AttributedString> lines, AttributedString newPrompt) {
            lock.lock();
            try {
                boolean changed = !newPrompt.equals(lastShown);
                lastShown = newPrompt;
                prompt = newPrompt;
                if (!lines.isEmpty()) {
                    AttributedStringBuilder text = new AttributedStringBuilder();
                    lines.forEach(line -> text.append(line).append("\n"));
                    printAbove(text.toAttributedString());
                } else if (changed && reading) {
                    redisplay();
                }
            } finally {
                lock.unlock();
            }
        }

        /** What is pasted is shown before anybody has looked at it. */
        @Override
        public boolean beginPaste() {
            boolean done = super.beginPaste();
            String pasted = buf.toString();
            String harmless = pasted.lines().map(HarmlessText::of).reduce((a, b) -> a + '\n' + b).orElse("");
            if (!harmless.equals(pasted)) {
                setBuffer(harmless);
            }
            return done;
        }
    }
}
