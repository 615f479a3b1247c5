package org.charla.client.chat;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time as people type it: {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d}. */
final class Span {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([smhd])");
    private static final Map<String, Long> UNITS = Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Span() {
    }

    /** In milliseconds; empty where it is none. */
    static OptionalLong parse(String typed) {
        Matcher matcher = FORM.matcher(typed);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1)) * UNITS.get(matcher.group(2)))
                : OptionalLong.empty();
    }
}
