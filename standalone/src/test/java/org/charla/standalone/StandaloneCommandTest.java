package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandaloneCommandTest {

    @Test
    void allowsAsManyChannelsAsTheHeapCarries() {
        // At 3,000 channels a heap of 640 MiB was full.
        assertThat(StandaloneCommand.mostChannels(640L << 20)).isBetween(1_300, 1_600);
        assertThat(StandaloneCommand.mostChannels(1_280L << 20)).isBetween(4_000, 5_000);
        assertThat(StandaloneCommand.mostChannels(256L << 20)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "x", ""})
    void takesNothingButAPortForOne(String port) {
        for (String option : List.of("--kafka-port", "--connect-port", "--mongodb-port")) {
            assertThat(Main.commandLine().execute("standalone", option, port)).isEqualTo(2);
        }
    }
}
