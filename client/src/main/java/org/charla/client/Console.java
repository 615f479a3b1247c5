package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams of the process, in UTF-8 whatever the locale, a whole line at a time: a reader at the other end
 * of a pipe sees a line as soon as it is written. Thread-safe.
 */
final class Console {

    /** Nobody reads the output any more: a reason to end, not to complain. */
    static final class OutputClosedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private OutputClosedException(IOException cause) {
            super("the output is closed", cause);
        }
    }

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final boolean errIsTerminal;

    Console(InputStream in, OutputStream out, OutputStream err, boolean errIsTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.errIsTerminal = errIsTerminal;
    }

    static Console ofProcess() {
        return new Console(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err), isTerminal("/proc/self/fd/2"));
    }

    /** Java knows only whether both input and output are a terminal; Linux can be asked for one stream. */
    private static boolean isTerminal(String descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    InputStream in() {
        return in;
    }

    boolean errIsTerminal() {
        return errIsTerminal;
    }

    /**
     * Writes a line to standard output.
     *
     * @throws OutputClosedException if the other end of the pipe is closed
     * @throws CommandFailure if the output can't be written for another reason
     */
    void line(String line) {
        try {
            write(out, line + '\n');
        } catch (IOException e) {
            // The texts of the operating system are in its language; but only a file can be full.
            if (Files.isRegularFile(Path.of("/dev/fd/1"))) {
                throw new CommandFailure("the output can't be written: " + e.getMessage(), e);
            }
            throw new OutputClosedException(e);
        }
    }

    /** Writes {@code charla: …} to standard error, as one line whatever the message holds. */
    void error(String message) {
        errorLine("charla: " + message);
    }

    /** Writes to standard error, as one line whatever it holds. */
    void errorLine(String line) {
        writeToError((errIsTerminal ? "\r\033[K" : "") + HarmlessText.of(line) + '\n');
    }

    /** Draws a line of progress over the one before, on a terminal only; the empty text removes it. */
    void progress(String line) {
        if (errIsTerminal) {
            writeToError("\r" + line + "\033[K");
        }
    }

    private void writeToError(String text) {
        try {
            write(err, text);
        } catch (IOException e) {
            // There is nowhere left to say it.
        }
    }

    private static void write(OutputStream stream, String text) throws IOException {
        synchronized (stream) {
            stream.write(text.getBytes(UTF_8));
            stream.flush();
        }
    }
}
