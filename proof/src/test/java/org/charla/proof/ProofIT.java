package org.charla.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form: a whole cluster, some faults of each sort that a fixed seed gives, and the oracle's verdict. */
class ProofIT {

    private static final long SEED = 16;

    @Test
    void findsNothingWrongWhilePartsAreKilled(@TempDir Path folder) throws Exception {
        boolean isThere = Mongod.program().isPresent();
        assertThat(isThere || !Boolean.parseBoolean(System.getenv("CI"))).as("name a mongod in MONGOD").isTrue();
        Assumptions.assumeTrue(isThere, "no mongod: name one in MONGOD, or put it on the PATH");
        List<Faults.Kind> kinds = List.of(Faults.Kind.KILL_BROKER, Faults.Kind.KILL_APP, Faults.Kind.KILL_WORKER,
                Faults.Kind.KILL_PRIMARY, Faults.Kind.STOP_APP, Faults.Kind.LOSE_STATE, Faults.Kind.CUT_BROKERS,
                Faults.Kind.RETENTION);

        Round.Result result = Round.run(
                new Round.Plan(SEED, 12_000, 400, 8, kinds, 300, 10, 3, 2, 1, Checkout.HOME), folder.resolve("round"));

        assertThat(result.findings().isEmpty()).as(() -> result.findings().toString()).isTrue();
        assertThat(result.tally().messages()).isGreaterThan(5_000);
        assertThat(result.faults()).hasSize(8);
    }
}
