package org.charla.client.text;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time as people type it: {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d}, {@code 1h30m}. */
public final class Span {

    private static final Pattern FORM =
            Pattern.compile("(?=.)(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");

    private Span() {
    }

    /** In milliseconds; empty where it is none. */
    public static OptionalLong parse(String typed) {
        Matcher span = FORM.matcher(typed);
        return !span.matches() ? OptionalLong.empty()
                : OptionalLong.of(Duration.ofDays(number(span.group(1))).plusHours(number(span.group(2)))
                        .plusMinutes(number(span.group(3))).plusSeconds(number(span.group(4))).toMillis());
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
