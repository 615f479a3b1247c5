package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code charla-benchmark}. */
@Command(name = "charla-benchmark", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures Charla beside what others would pick for the same work, on this machine.")
public final class Benchmark implements Callable<Integer> {

    @Option(names = "--contenders", split = ",", paramLabel = "NAME",
            description = "Who is measured: ${COMPLETION-CANDIDATES}. All by default.")
    private Set<Contender> contenders = EnumSet.allOf(Contender.class);

    @Option(names = "--channels", split = ",", paramLabel = "N", defaultValue = "10,100,1000,5000",
            description = "Numbers of channels for the throughput (default: ${DEFAULT-VALUE}).")
    private List<Integer> channels;

    @Option(names = "--events", paramLabel = "N", defaultValue = "3000000",
            description = "Length of the backlog (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "5",
            description = "How often each figure is taken, in turn, there and back (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--limit", paramLabel = "SECONDS", defaultValue = "90",
            description = "How long a run lasts at most behind its warm-up (default: ${DEFAULT-VALUE}).")
    private int limitSeconds;

    @Option(names = "--transcript", paramLabel = "FILE",
            description = "Texts of messages, as `charla import` takes them; made-up ones by default.")
    private Optional<Path> transcript = Optional.empty();

    @Option(names = "--verify-only", description = "Checks that each delivers what it should, and measures nothing.")
    private boolean verifyOnly;

    @Option(names = "--work", paramLabel = "FOLDER", defaultValue = "benchmark/target/work",
            description = "Where brokers and contenders keep what they need meanwhile (default: ${DEFAULT-VALUE}).")
    private Path work;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(work);
        work = work.toAbsolutePath();
        Set<Contender> passed = verified();
        if (!verifyOnly) {
            for (int number : channels) {
                throughput(passed, number);
            }
        }
        return passed.equals(contenders) ? 0 : 1;
    }

    private Workload workload(int number) throws IOException {
        return transcript.isPresent() ? Workload.ofTranscript(transcript.get(), number) : Workload.synthetic(number);
    }

    private Set<Contender> verified() throws Exception {
        Backlog backlog = Backlog.make(work, workload(20), 200_000);
        Set<Contender> passed = EnumSet.noneOf(Contender.class);
        for (Contender contender : contenders) {
            List<String> faults = Survival.faults(contender, backlog, work);
            System.out.println(contender + (faults.isEmpty() ? ": delivers what it should" : ": " + faults));
            if (faults.isEmpty()) {
                passed.add(contender);
            }
        }
        backlog.delete();
        return passed;
    }

    private void throughput(Set<Contender> passed, int number) throws Exception {
        Backlog backlog = Backlog.make(work, workload(number), events);
        Map<Contender, List<Throughput.Result>> results = new EnumMap<>(Contender.class);
        for (int repeat = 0; repeat < repeats; repeat++) {
            List<Contender> order = new ArrayList<>(passed);
            if (repeat % 2 == 1) {
                Collections.reverse(order);
            }
            for (Contender contender : order) {
                Throughput.Result result =
                        Throughput.measure(contender, backlog, work, Duration.ofSeconds(limitSeconds));
                System.out.println(number + " channels, " + contender + ": " + result);
                results.computeIfAbsent(contender, none -> new ArrayList<>()).add(result);
            }
        }
        backlog.delete();
    }
}
