package org.charla.client.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Reads lines of UTF-8 without ever holding more than one, and none that has no end. A byte order mark at the beginning
 * is no part of the first. Not thread-safe.
 */
public final class Lines {

    /** The longest line, in bytes: more than the pipeline takes, and less than would hurt. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * A line without its end.
     *
     * @param number counts from 1
     * @param text null where the line can't be read
     * @param problem null where it can
     */
    public record Line(long number, String text, String problem) {
    }

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private byte[] line = new byte[1 << 10];
    private long number;

    public Lines(InputStream in) {
        this.in = in;
    }

    /**
     * The next line, or null at the end. A last line needs no line end.
     *
     * @throws CharConversionException if the text is in another encoding; the message says what to do
     */
    public Line next() throws IOException {
        int length = 0;
        boolean some = false;
        while (true) {
            if (start == end) {
                start = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) {
                    return some ? line(length) : null;
                }
            }
            some = true;
            int stop = start;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            length = append(length, stop - start);
            start = stop;
            if (stop < end) {
                start++;
                return line(length);
            }
        }
    }

    /** Whether there is more already that {@link #next} need not wait for: a line, or the beginning of one. */
    public boolean hasMore() throws IOException {
        return start < end || in.available() > 0;
    }

    /** Goes on counting, and stops keeping, beyond the longest line; there is room for its carriage return. */
    private int append(int length, int count) {
        int kept = Math.min(count, Math.max(0, MAX_BYTES + 1 - length));
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + kept));
        }
        System.arraycopy(buffer, start, line, Math.min(length, line.length - kept), kept);
        return Math.min(length + count, MAX_BYTES + 2);
    }

    private Line line(int read) throws CharConversionException {
        int begin = number == 0 ? TextStart.markLength(line, read) : 0;
        number++;
        int length = read > 0 && read <= MAX_BYTES + 1 && line[read - 1] == '\r' ? read - 1 : read;
        if (length > MAX_BYTES) {
            return new Line(number, null, "the line has more than " + MAX_BYTES + " bytes");
        }
        try {
            ByteBuffer text = ByteBuffer.wrap(line, begin, length - begin);
            return new Line(number, UTF_8.newDecoder().decode(text).toString(), null);
        } catch (CharacterCodingException e) {
            return new Line(number, null, "the line is not UTF-8");
        }
    }
}
