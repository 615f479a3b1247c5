package org.charla.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.charla.testing.Checkout;
import org.charla.testing.Mongod;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rounds of events and faults on a cluster of its own, each with the oracle's verdict: {@code ./charla-proof}. */
@Command(name = "charla-proof", mixinStandardHelpOptions = true, showDefaultValues = true,
        description = "Kills and cuts off the parts of a whole Charla on this machine while events are written, and "
                + "then judges what became of each. Status 0: nothing is wrong.")
public final class Proof implements Callable<Integer> {

    /** Another kind of fault that comes once, each so many rounds. */
    private static final int SELDOM = 4;

    @Option(names = "--rounds", description = "How many rounds, each with a new cluster.")
    private int rounds = 1;

    @Option(names = "--messages", description = "How many events a round writes.")
    private long messages = 500_000;

    @Option(names = "--faults", description = "How many faults a round has.")
    private int faults = 25;

    @Option(names = "--rate", description = "How many events are written in a second.")
    private int rate = 5_000;

    @Option(names = "--seed", description = "Of the first round; each further one has the next.")
    private long seed = 1;

    @Option(names = "--users", description = "How many users write.")
    private int users = 5_000;

    @Option(names = "--channels", description = "How many channels they write to.")
    private int channels = 200;

    @Option(names = "--brokers", description = "How many brokers, which are controllers as well.")
    private int brokers = 3;

    @Option(names = "--apps", description = "How many instances of the streams app.")
    private int apps = 3;

    @Option(names = "--workers", description = "How many Connect workers.")
    private int workers = 2;

    @Option(names = "--kinds", split = ",", description = "Of which kinds the faults are: ${COMPLETION-CANDIDATES}.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private List<Faults.Kind> kinds = List.of();

    @Option(names = "--folder",
            description = "For the rounds' results and report.md; rounds that are there already count.")
    private Path folder = Checkout.HOME.resolve("proof/target/proof");

    @Option(names = "--former", description = "A checkout of the version before, which is built: the streams app and the "
            + "workers begin with it, become this one while all goes on, go back, and become this one again.")
    private Path former = Checkout.HOME;

    @Option(names = "--keep", description = "Keeps what the parts of the cluster wrote, and their logs, of all rounds.")
    private boolean keep;

    private Proof() {
    }

    /** The command; ends the JVM. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Proof()).execute(arguments));
    }

    /** @return 0 where nothing is wrong, or else 1 */
    @Override
    public Integer call() throws Exception {
        if (Mongod.program().isEmpty()) {
            System.err.println("charla-proof: no mongod: name one in MONGOD, or put it on the PATH");
            return 1;
        }
        Report report = new Report(folder);
        boolean isRight = true;
        for (int round = 0; round < rounds; round++) {
            Path work = folder.resolve("round-" + (seed + round));
            delete(work);
            Round.Result result = Round.run(new Round.Plan(seed + round, messages, rate, faults, kinds(seed + round),
                    users, channels, brokers, apps, workers, former.toAbsolutePath()), work);
            isRight &= result.findings().isEmpty();
            report.add(result);
            System.out.println("  " + report.write());
            if (!keep && result.findings().isEmpty()) {
                delete(work);
            }
        }
        return isRight ? 0 : 1;
    }

    private List<Faults.Kind> kinds(long ofSeed) {
        if (!kinds.isEmpty()) {
            return kinds;
        }
        List<Faults.Kind> all = new ArrayList<>(Faults.usual());
        if (!former.toAbsolutePath().equals(Checkout.HOME)) {
            all.add(Faults.Kind.UPGRADE);
        }
        if (ofSeed % SELDOM == 0) {
            all.add(Faults.Kind.ROLL_ALL);
        } else if (ofSeed % SELDOM == 1) {
            all.add(Faults.Kind.RETENTION_UNREAD);
        } else if (ofSeed % SELDOM == 2) {
            all.add(Faults.Kind.RESTORE_BACKUP);
        }
        return all;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
