package org.charla.client.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.charla.client.text.HarmlessText;

/**
 * The standard streams of the process, in UTF-8 whatever the locale, a whole line at a time: a reader at the other end
 * of a pipe sees a line as soon as it is written. Thread-safe.
 */
public final class Console {

    /** Nobody reads the output any more: a reason to end, not to complain. */
    public static final class OutputClosedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private OutputClosedException(IOException cause) {
            super("the output is closed", cause);
        }
    }

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final boolean inIsTerminal;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;

    public Console(InputStream in, OutputStream out, OutputStream err,
            boolean inIsTerminal, boolean outIsTerminal, boolean errIsTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.inIsTerminal = inIsTerminal;
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
    }

    public static Console ofProcess() {
        return new Console(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err), isTerminal(0), isTerminal(1), isTerminal(2));
    }

    /** Java knows only whether both input and output are a terminal; Linux can be asked for one stream. */
    @SuppressWarnings("SystemConsoleNull") // It is null where there is none: the launcher keeps Java 22 and newer to that.
    private static boolean isTerminal(int descriptor) {
        return target(descriptor)
                .map(name -> name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console"))
                .orElseGet(() -> System.console() != null);
    }

    private static boolean isPipe(int descriptor) {
        return target(descriptor)
                .map(name -> name.startsWith("pipe:") || name.startsWith("socket:"))
                .orElse(true);
    }

    /** What a descriptor of this process is connected to; empty where the system doesn't say. */
    private static Optional<String> target(int descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Whether a person reads and writes here. */
    public boolean isInteractive() {
        return inIsTerminal && outIsTerminal;
    }

    /** Whether a person writes here and sees what is asked, be it that another program reads the output. */
    public boolean isAnswered() {
        return inIsTerminal && (outIsTerminal || errIsTerminal);
    }

    /** Whether a person sees the output here. */
    public boolean isSeen() {
        return outIsTerminal;
    }

    /** Asks at the terminal for what is not to be seen while it is typed; empty where nobody answers. */
    @SuppressWarnings("SystemConsoleNull") // As above.
    public Optional<char[]> secret(String prompt) {
        return isInteractive() && System.console() != null
                ? Optional.ofNullable(System.console().readPassword("%s", prompt)) : Optional.empty();
    }

    public InputStream in() {
        return in;
    }

    /** Standard output for what writes by itself. */
    public PrintWriter outWriter() {
        return new PrintWriter(out, true, UTF_8);
    }

    /**
     * Writes a line to standard output.
     *
     * @throws OutputClosedException if the other end of the pipe is closed
     * @throws CommandFailure if the output can't be written for another reason
     */
    public void line(String line) {
        try {
            write(out, line + '\n');
        } catch (IOException e) {
            // The system gives its reason in the user's language; but only a pipe is closed at its other end.
            if (isPipe(1)) {
                throw new OutputClosedException(e);
            }
            throw new CommandFailure("the output can't be written: " + e.getMessage(), e);
        }
    }

    /** Writes what a person is asked, or told of their own input: no part of the output where another program reads it. */
    public void ask(String line) {
        if (outIsTerminal) {
            line(line);
        } else {
            errorLine(line);
        }
    }

    /** Writes {@code charla: …} to standard error, as one line whatever the message holds. */
    public void error(String message) {
        errorLine("charla: " + message);
    }

    /** Writes to standard error, as one line whatever it holds. */
    public void errorLine(String line) {
        writeToError((errIsTerminal ? "\r\033[K" : "") + HarmlessText.of(line) + '\n');
    }

    /** Draws a line of progress over the one before, on a terminal only; the empty text removes it. */
    public void progress(String line) {
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
