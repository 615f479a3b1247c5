package org.charla.client.command;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.OptionalLong;
import org.charla.client.text.Span;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a time from the command line, in epoch milliseconds: ISO 8601, in the zone of this machine where it names no offset,
 * or how long it is until then, {@code 1h30m}.
 */
final class Moment implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        OptionalLong span = Span.parse(text);
        if (span.isPresent()) {
            return System.currentTimeMillis() + span.getAsLong();
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
}
