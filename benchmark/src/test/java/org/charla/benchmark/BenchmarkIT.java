package org.charla.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark in its smallest form: what it finds of correctness, and nothing of times. */
class BenchmarkIT {

    @Test
    void findsThatCharlaAndTheLoopsDeliverWhatTheyShouldAlsoWhenTheyAreKilled(@TempDir Path work) {
        int status = new CommandLine(new Benchmark()).setCaseInsensitiveEnumValuesAllowed(true).execute(
                "--verify-only", "--contenders", "charla,loop,bare_loop", "--verified-events", "60000",
                "--work", work.toString());
        assertThat(status).isZero();
    }
}
