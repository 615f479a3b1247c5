package org.charla.client.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/**
 * What a terminal answers when it is asked how it shows emoji of several parts, and what was typed meanwhile: which
 * JLine's own probe takes for answers, and drops.
 *
 * @param joins whether emoji that are joined take the room of one
 * @param tints whether a colour of the skin takes no room of its own
 * @param widens whether a sign that becomes an emoji takes as much room as others
 * @param mode whether that has to be switched on
 * @param typed what is no answer
 */
record Probe(boolean joins, boolean tints, boolean widens, boolean mode, String typed) {

    static final Probe NONE = new Probe(false, false, false, false, "");

    /** <a href="https://github.com/contour-terminal/terminal-unicode-core">Graphemes as cells.</a> */
    static final String MODE = "\033[?2027";

    private static final long LIMIT_MS = 500;
    private static final String WHERE = "\033[6n";
    private static final String SCIENTIST = "\uD83D\uDC69\u200D\uD83D\uDD2C";
    private static final String DARK_THUMB = "\uD83D\uDC4D\uD83C\uDFFF";
    private static final String RED_HEART = "\u2764\uFE0F";
    /** What every terminal answers to, and so the last answer. */
    private static final String WHAT = "\033[c";

    private static final Pattern LAST = Pattern.compile("\033\\[\\?[0-9;]*c");
    private static final Pattern COLUMN = Pattern.compile("\033\\[\\d+;(\\d+)R");
    private static final Pattern MODE_KNOWN = Pattern.compile("\033\\[\\?2027;[123]\\$y");
    private static final Pattern ANSWER = Pattern.compile("\033\\[\\??[0-9;]*(?:c|R|\\$y)");

    /** Asks, in a line that is empty afterwards. The terminal must hand out each character as it is typed. */
    static Probe of(Terminal terminal) {
        terminal.writer().write('\r' + SCIENTIST + WHERE + '\r' + DARK_THUMB + WHERE + '\r' + RED_HEART + WHERE
                + "\r\033[K" + MODE + "$p" + WHAT);
        terminal.flush();
        String read = read(terminal.reader());
        Matcher columns = COLUMN.matcher(read);
        boolean joins = isBehindAnEmoji(columns);
        boolean tints = isBehindAnEmoji(columns);
        boolean widens = isBehindAnEmoji(columns);
        boolean mode = MODE_KNOWN.matcher(read).find();
        return new Probe(joins || mode, tints || mode, widens || mode, mode, ANSWER.matcher(read).replaceAll(""));
    }

    private static boolean isBehindAnEmoji(Matcher columns) {
        return columns.find() && columns.group(1).equals("3");
    }

    private static String read(NonBlockingReader reader) {
        StringBuilder read = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
        try {
            for (long left = LIMIT_MS; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                int c = reader.read(left);
                if (c == NonBlockingReader.EOF) {
                    break;
                }
                if (c >= 0) {
                    read.append((char) c);
                }
                if (c == 'c' && LAST.matcher(read).find()) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read.toString();
    }
}
