package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandaloneCommandTest {

    @Test
    void allowsAsManyChannelsAsTheHeapCarries() {
        // At 3,000 channels a heap of 640 MiB was full.
        assertThat(StandaloneCommand.mostChannels(640L << 20)).isBetween(1_300, 1_600);
        assertThat(StandaloneCommand.mostChannels(1_280L << 20)).isBetween(4_000, 5_000);
        assertThat(StandaloneCommand.mostChannels(256L << 20)).isEqualTo(100);
    }
}
