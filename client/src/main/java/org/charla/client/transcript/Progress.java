package org.charla.client.transcript;

import java.util.Locale;
import org.charla.client.terminal.Console;

/** Shows how far an import has come: messages, their rate, and the time left by the bytes read. */
final class Progress {

    private static final long INTERVAL_NANOS = 250_000_000;

    private final Console console;

    /** Bytes to read; 0 where that is not known. */
    private final long total;
    private final long start = System.nanoTime();
    private long shown = start;

    Progress(Console console, long total) {
        this.console = console;
        this.total = total;
    }

    /** Redraws the line, a few times a second. */
    void show(long messages, long bytesRead) {
        long now = System.nanoTime();
        if (now - shown >= INTERVAL_NANOS) {
            shown = now;
            console.progress(text(messages, bytesRead, (now - start) / 1e9));
        }
    }

    private String text(long messages, long bytesRead, double seconds) {
        String text = String.format(Locale.ROOT, "%,d messages, %,.0f/s", messages, messages / seconds);
        if (total == 0 || bytesRead == 0) {
            return text;
        }
        long left = Math.round(seconds * Math.max(0, total - bytesRead) / bytesRead);
        return text + String.format(Locale.ROOT, ", %d %%, %d:%02d left",
                Math.min(100, 100 * bytesRead / total), left / 60, left % 60);
    }

    void end() {
        console.progress("");
    }

    long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
