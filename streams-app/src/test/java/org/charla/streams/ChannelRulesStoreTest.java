package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.ChannelRules.Mute;
import org.charla.protocol.ChannelRules.Posting;
import org.junit.jupiter.api.Test;

/** What holds in channels, as messages are judged by it. */
class ChannelRulesStoreTest {

    private static final int CHANNELS = 200;
    /** Their names alone would take three times as much. */
    private static final long MOST_BYTES = CHANNELS * 60_000L;

    private final ChannelRulesStore store = new ChannelRulesStore();

    private static ChannelRules full(int channel) {
        return new ChannelRules("channel-" + channel, "", Optional.of("owner"),
                IntStream.range(0, ChannelRules.MAX_MODERATORS).mapToObj(i -> name(channel, i)).toList(),
                Posting.EVERYONE, 0, IntStream.range(1_000, 1_000 + ChannelRules.MAX_MUTED)
                        .mapToObj(i -> new Mute(name(channel, i), OptionalLong.of(i))).toList(), 0);
    }

    /** Of the longest that there are. */
    private static String name(int channel, int i) {
        return "\uD83D\uDE00".repeat(54) + (10_000 + channel) + (10_000 + i);
    }

    @Test
    void takesLittleMemoryHoweverManyAndLongTheNamesAre() {
        long before = usedBytes();
        for (int i = 0; i < CHANNELS; i++) {
            store.put(full(i));
        }
        assertThat(usedBytes() - before).isLessThan(MOST_BYTES);
        assertThat(StateStores.rules().build().persistent()).isTrue();
        RulesInForce last = store.get("channel-" + (CHANNELS - 1));
        assertThat(last.mutedUntil(name(CHANNELS - 1, 1_499), 0)).hasValue(1_499);
        assertThat(last.mutedUntil(name(CHANNELS - 1, 1_500), 0)).isEmpty();
        assertThat(last.isRuledBy(name(CHANNELS - 1, 49))).isTrue();
        assertThat(last.isRuledBy(name(CHANNELS - 1, 50))).isFalse();
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
