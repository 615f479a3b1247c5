package org.charla.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

    private static final long NOW = 1763791200123L;

    @Test
    void makesAUuidOfVersion7ThatBeginsWithTheTime() {
        UUID id = UUID.fromString(new MessageIds(at(NOW)).next());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }

    @Test
    void makesGreaterIdsWhileTheClockStands() {
        MessageIds ids = new MessageIds(at(NOW));
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void makesGreaterIdsWhenTheClockGoesBack() {
        Iterator<Long> times = List.of(NOW, NOW - 1_000, NOW + 1).iterator();
        MessageIds ids = new MessageIds(new Clock() {
            @Override
            public long millis() {
                return times.next();
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(millis());
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });

        assertThat(List.of(ids.next(), ids.next(), ids.next())).isSorted().doesNotHaveDuplicates();
    }

    private static Clock at(long millis) {
        return Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }
}
