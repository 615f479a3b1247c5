package org.charla.client.transcript;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.charla.client.terminal.Console;
import org.charla.client.text.Lines;

/** A transcript that is read line by line, gzip or not. Not thread-safe. */
final class TranscriptFile implements AutoCloseable {

    /** The name of standard input. */
    static final Path STANDARD_INPUT = Path.of("-");

    private static final int BUFFER = 1 << 16;

    private final Counter counter;
    private final Lines lines;

    private TranscriptFile(InputStream raw) throws IOException {
        this.counter = new Counter(raw);
        Awaited buffered = new Awaited(counter);
        this.lines = new Lines(isGzip(buffered) ? new Members(buffered) : buffered);
    }

    static TranscriptFile open(Path path, Console console) throws IOException {
        // It may be a pipe: no channel, which asks where it stands in the file.
        InputStream raw = path.equals(STANDARD_INPUT) ? console.in() : new FileInputStream(path.toFile());
        try {
            return new TranscriptFile(raw);
        } catch (IOException e) {
            raw.close();
            throw told(e);
        }
    }

    /** By the two bytes that a gzip file begins with (RFC 1952, section 2.3.1); no JSON does. */
    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return gzip;
    }

    /** The next line, or null at the end. */
    Lines.Line next() throws IOException {
        try {
            return lines.next();
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** What is unzipped says nothing of where it ends, or nothing that a person understands. */
    private static IOException told(IOException e) {
        return e instanceof EOFException ? new EOFException("it ends in the middle of what is compressed") : e;
    }

    /** How much of the file has been read, as it is stored. */
    long bytesRead() {
        return counter.count;
    }

    @Override
    public void close() throws IOException {
        counter.close();
    }

    /**
     * Knows whether more comes, and waits to know it: {@link GZIPInputStream} asks behind each member of a file of
     * several, and takes "nothing yet" of a pipe for the end.
     */
    private static final class Awaited extends BufferedInputStream {

        private boolean more;

        Awaited(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() throws IOException {
            mark(1);
            more = read() >= 0;
            reset();
            return more ? 1 : 0;
        }
    }

    /** Says so where more follows than members, which {@link GZIPInputStream} takes for the end without a word. */
    private static final class Members extends GZIPInputStream {

        /** Of a member, behind what was deflated, in bytes. */
        private static final int TRAILER = 8;

        private final Awaited behind;

        Members(Awaited in) throws IOException {
            super(in, BUFFER);
            this.behind = in;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read < 0 && (inf.getRemaining() > TRAILER || behind.more)) {
                throw new ZipException("what follows is not gzip");
            }
            return read;
        }
    }

    private static final class Counter extends FilterInputStream {

        private long count;

        Counter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
