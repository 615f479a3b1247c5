package org.charla.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MomentTest {

    private final Moment moment = new Moment();

    @ParameterizedTest
    @CsvSource({"30s, 30", "10m, 600", "2h, 7200", "1d, 86400", "1h30m, 5400", "2d1s, 172801", "0s, 0"})
    void readsHowLongItIsUntilThen(String text, long seconds) {
        assertThat(moment.convert(text) - System.currentTimeMillis()).isBetween(seconds * 1_000 - 60_000, seconds * 1_000);
    }

    @Test
    void readsATimeOfIso8601() {
        assertThat(moment.convert("1970-01-01T01:00:01+01:00")).isEqualTo(1_000);
        assertThat(moment.convert("1970-01-01T00:00:00.5Z")).isEqualTo(500);
        assertThat(moment.convert("2026-11-27T20:00")).isEqualTo(
                LocalDateTime.of(2026, 11, 27, 20, 0).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "m", "-5m", "5 m", "1m1h", "tomorrow", "2026-11-27", "99999999999999999999s",
        "+999999999-01-01T00:00:00Z"})
    void refusesWhatIsNeither(String text) {
        assertThatThrownBy(() -> moment.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
