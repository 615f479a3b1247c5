package org.charla.client.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a time from the command line, in epoch milliseconds: ISO 8601, in the zone of this machine where it names no offset,
 * or how long it is until then, {@code 1h30m}.
 */
final class Moment implements ITypeConverter<Long> {

    private static final Pattern SPAN =
            Pattern.compile("(?=.)(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");

    @Override
    public Long convert(String text) {
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            return System.currentTimeMillis() + Duration.ofDays(number(span.group(1))).plusHours(number(span.group(2)))
                    .plusMinutes(number(span.group(3))).plusSeconds(number(span.group(4))).toMillis();
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            // It may name no offset.
        }
        try {
            return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("it is a time like 2026-11-27T20:00 or how long it is until then, like 2h");
        }
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
