package org.charla.connect.audit;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.charla.client.terminal.Console;
import org.charla.client.text.HarmlessText;

/** For a person: a line each topic, in front of it the first of its differences, and how far it is where that is seen. */
final class TextReport implements Report {

    /** Of how many differences of a topic a person is told; the rest is counted. */
    private static final int MOST_LINES = 20;
    /** In characters, of what somebody else wrote. */
    private static final int LONGEST = 200;
    private static final long INTERVAL_NANOS = 250_000_000;

    private final Console console;
    private final ResourceBundle texts;
    private final long begin = System.nanoTime();
    private long shown = begin;
    private int lines;
    private long unsaid;
    private boolean isLeft;

    /** A piece of what is missing. */
    private Difference first;
    private Difference last;
    private long inGap;

    TextReport(Console console, ResourceBundle texts) {
        this.console = console;
        this.texts = texts;
    }

    @Override
    public void progress(Findings findings, long records, long of) {
        long now = System.nanoTime();
        if (now - shown >= INTERVAL_NANOS) {
            shown = now;
            console.progress(text("progress", findings.name(), number(records), number(of)));
        }
    }

    @Override
    public void difference(Findings findings, Difference difference) {
        if (difference.kind() != Difference.Kind.MISSING || !difference.change().isEmpty()) {
            gapEnded(findings);
            say(line(findings, difference, 1));
            return;
        }
        if (first != null && (first.isDeadLetter() != difference.isDeadLetter()
                || !first.repair().equals(difference.repair()))) {
            gapEnded(findings);
        }
        if (first == null) {
            first = difference;
        }
        last = difference;
        inGap++;
    }

    @Override
    public void gapEnded(Findings findings) {
        if (first != null) {
            say(line(findings, first, inGap));
            first = null;
            inGap = 0;
        }
    }

    @Override
    public void judged(Findings findings) {
        gapEnded(findings);
        sayUnsaid(findings);
        String counts = findings.counts().entrySet().stream()
                .map(count -> texts.getString("audit.count." + count.getKey().key()) + ' ' + number(count.getValue()))
                .collect(Collectors.joining(", "));
        say(text(findings.isEqual() ? "equal" : "differs", findings.name())
                + (counts.isEmpty() ? texts.getString("audit.nothing") : counts));
        lines = 0;
        isLeft |= findings.counts().containsKey(Findings.Count.UNEQUAL) || findings.counts().containsKey(Findings.Count.EXTRA);
    }

    @Override
    public void failed(Findings findings, String reason) {
        gapEnded(findings);
        sayUnsaid(findings);
        lines = 0;
        console.error(text("failed", findings.name(), reason));
    }

    @Override
    public void ended() {
        console.progress("");
        if (isLeft) {
            console.errorLine(texts.getString("audit.left"));
        }
    }

    private void sayUnsaid(Findings findings) {
        lines = 0;
        if (unsaid > 0) {
            say(text("more", findings.name(), number(unsaid)));
            unsaid = 0;
        }
    }

    private String line(Findings findings, Difference difference, long inPiece) {
        String kind = texts.getString("audit." + difference.kind().key());
        if (difference.kind() == Difference.Kind.NO_INDEX) {
            return findings.name() + ": " + kind + behind(difference);
        }
        String position = difference.position() < 0 ? "" : ' ' + text("at", Long.toString(difference.position()));
        if (inPiece > 1) {
            return text("gap", findings.name(), kind, number(inPiece), Long.toString(difference.position()),
                    Long.toString(last.position())) + behind(difference);
        }
        String what = difference.change().isEmpty() ? cut(difference.id()) + position
                : texts.getString("audit." + difference.change()) + position + ' ' + text("of", cut(difference.id()));
        return findings.name() + ": " + kind + ": " + what + behind(difference);
    }

    private String behind(Difference difference) {
        return (difference.fields().isEmpty() ? "" : ": " + cut(String.join(", ", difference.fields())))
                + (difference.isDeadLetter() ? text("deadLetter") : "")
                + (difference.repair().isDone() ? text("repaired") : "")
                + (difference.repair().refusal().isEmpty() ? "" : text("refused", cut(difference.repair().refusal())));
    }

    private void say(String line) {
        if (lines == MOST_LINES) {
            unsaid++;
            return;
        }
        lines++;
        console.progress("");
        console.line(HarmlessText.of(line));
    }

    private String text(String key, Object... values) {
        return MessageFormat.format(texts.getString("audit." + key), values);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST))) + '…';
    }
}
