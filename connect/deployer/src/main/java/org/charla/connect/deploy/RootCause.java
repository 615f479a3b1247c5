package org.charla.connect.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a stack trace comes down to. */
final class RootCause {

    /** The causes of the exception itself stand at the margin, those of suppressed ones are indented. */
    private static final Pattern CAUSE = Pattern.compile("(?m)^Caused by: (.+)$");

    private RootCause() {
    }

    /** The innermost cause on one line, without secrets. */
    static String of(String trace) {
        if (trace == null || trace.isBlank()) {
            return "no reason given";
        }
        // The whole of it: a secret may begin on one line and end on another.
        String masked = Secrets.inMessage(trace).strip();
        String cause = masked.lines().findFirst().orElseThrow();
        for (Matcher causes = CAUSE.matcher(masked); causes.find(); ) {
            cause = causes.group(1);
        }
        return cause.strip();
    }
}
