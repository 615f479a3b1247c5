package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The standard streams of the process, in UTF-8. What it writes can't move the cursor or forge a line: it comes from
 * workers, connectors and files. Thread-safe.
 */
public final class Terminal {

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final boolean piped;

    /**
     * @param interactive whether a person sits at both ends, who can be asked
     * @param piped whether a program reads the output, which may have seen enough
     */
    Terminal(InputStream in, OutputStream out, OutputStream err, boolean interactive, boolean piped) {
        this.in = new BufferedReader(new InputStreamReader(in, UTF_8));
        this.out = new PrintStream(out, true, UTF_8);
        this.err = new PrintStream(err, true, UTF_8);
        this.interactive = interactive;
        this.piped = piped;
    }

    /** The streams of this process. */
    public static Terminal ofProcess() {
        return new Terminal(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err), isTerminal(0) && isTerminal(2), isPipe(1));
    }

    /** Where the system doesn't say, it may be one. */
    private static boolean isPipe(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return name.startsWith("pipe:") || name.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    /** Java knows only whether both input and output are a terminal; Linux can be asked for one stream. */
    @SuppressWarnings("SystemConsoleNull") // It is null where there is none: the launcher keeps Java 22 and newer to that.
    private static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    boolean isInteractive() {
        return interactive;
    }

    /** A line of the result, to standard output. */
    void line(String line) {
        out.println(harmless(line));
    }

    /** Whether a line of the result could not be written: nothing more comes through. */
    boolean isCutOff() {
        return out.checkError();
    }

    /** Whether somebody misses a part of the result; not a reader at the end of a pipe, who has seen enough. */
    boolean hasLost() {
        return isCutOff() && !piped;
    }

    /** What a person who waits wants to know, to standard error. */
    void note(String line) {
        err.println("charla: " + harmless(line));
    }

    /** Asks a person for a yes; everything else is a no. */
    boolean confirm(String question) {
        err.print(harmless(question) + " [y/N] ");
        err.flush();
        try {
            String answer = in.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String harmless(String line) {
        return line.replaceAll("[\\r\\n\\t]+", " ").replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }
}
