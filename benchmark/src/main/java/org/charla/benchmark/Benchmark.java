package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code charla-benchmark}. Exit status: 0 all delivered what they should, 1 not all, 2 wrong usage. */
@Command(name = "charla-benchmark", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures Charla beside what others would pick for the same work, on this machine.")
public final class Benchmark implements Callable<Integer> {

    /** What can be measured. */
    enum Figure { THROUGHPUT, LATENCY, RECOVERY, NEW_CHANNELS, RESTART, IDLE }

    private static final int VERIFIED_CHANNELS = 20;
    private static final int LIVE_CHANNELS = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration LATENCY_TIME = Duration.ofSeconds(30);
    private static final double RECOVERY_LOAD = 1_000;
    private static final double LOAD_BESIDE_NEW_CHANNELS = 240;
    private static final int NEW_CHANNELS_ONE_BY_ONE = 1_000;
    private static final int NEW_CHANNELS_AT_ONCE = 300;
    private static final int RESTART_CHANNELS = 5_000;
    private static final long RESTART_EVENTS = 1_000_000;
    private static final List<Integer> IDLE_CHANNELS = List.of(10, 1_000);

    @Option(names = "--figures", split = ",", paramLabel = "FIGURE",
            description = "What is measured: ${COMPLETION-CANDIDATES}. All by default.")
    private Set<Figure> figures = EnumSet.allOf(Figure.class);

    @Option(names = "--contenders", split = ",", paramLabel = "NAME",
            description = "Who is measured: ${COMPLETION-CANDIDATES}. By default all that can run here.")
    private Set<Contender> contenders;

    @Option(names = "--channels", split = ",", paramLabel = "N", defaultValue = "10,100,1000,5000",
            description = "Numbers of channels for the throughput (default: ${DEFAULT-VALUE}).")
    private List<Integer> channels;

    @Option(names = "--events", paramLabel = "N", defaultValue = "3000000",
            description = "Length of the backlog (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(names = "--rates", split = ",", paramLabel = "N", defaultValue = "100,1000,5000",
            description = "Messages a second for the latency (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "5",
            description = "How often each figure is taken, in turn, there and back (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--limit", paramLabel = "SECONDS", defaultValue = "90",
            description = "How long a throughput is measured at most (default: ${DEFAULT-VALUE}).")
    private int limitSeconds;

    @Option(names = "--transcript", paramLabel = "FILE",
            description = "Texts of messages, as `charla import` takes them; made-up ones by default.")
    private Optional<Path> transcript = Optional.empty();

    @Option(names = "--verify-only", description = "Checks that each delivers what it should, and measures nothing.")
    private boolean verifyOnly;

    @Option(names = "--verified-events", paramLabel = "N", defaultValue = "200000",
            description = "Length of the backlog for that check (default: ${DEFAULT-VALUE}).")
    private long verifiedEvents;

    @Option(names = "--unverified", description = "Leaves that check out: for a first look, the figures don't count.")
    private boolean unverified;

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "benchmark/target/results",
            description = "Where results.json and results.md go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--work", paramLabel = "FOLDER", defaultValue = "benchmark/target/work",
            description = "Where brokers and contenders keep what they need meanwhile (default: ${DEFAULT-VALUE}).")
    private Path work;

    private final Report report = new Report();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        work = Files.createDirectories(work).toAbsolutePath();
        boolean areNamed = contenders != null;
        Set<Contender> asked = areNamed ? contenders : EnumSet.allOf(Contender.class);
        contenders = EnumSet.noneOf(Contender.class);
        for (Contender contender : asked) {
            contender.missing().ifPresentOrElse(
                    reason -> System.err.println(contender + " is left out: " + reason), () -> contenders.add(contender));
        }
        if (areNamed && !contenders.equals(asked)) {
            return 1;
        }
        Set<Contender> passed = unverified ? contenders : verified();
        if (!verifyOnly) {
            measure(passed);
            report.write(Files.createDirectories(out), settings());
            System.out.println(Files.readString(out.resolve("results.md")));
        }
        return passed.equals(contenders) ? 0 : 1;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("backlog", events + " events");
        settings.put("texts", transcript.map(file -> file.getFileName().toString()).orElse("made up"));
        settings.put("verified", unverified ? "no: the figures don't count" : "yes");
        settings.put("repeats", String.valueOf(repeats));
        settings.put("channels for latency and recovery", String.valueOf(LIVE_CHANNELS));
        return settings;
    }

    private void measure(Set<Contender> passed) throws Exception {
        if (figures.contains(Figure.THROUGHPUT)) {
            for (int number : channels) {
                throughput(passed, number);
            }
        }
        if (figures.stream().anyMatch(EnumSet.of(Figure.LATENCY, Figure.RECOVERY, Figure.NEW_CHANNELS)::contains)) {
            Backlog users = Backlog.make(work, workload(LIVE_CHANNELS), Workload.USERS);
            for (int rate : figures.contains(Figure.LATENCY) ? rates : List.<Integer>of()) {
                inTurn(passed, (contender, repeat) -> latency(contender, users, rate, repeat));
            }
            if (figures.contains(Figure.RECOVERY)) {
                inTurn(passed, (contender, repeat) -> recovery(contender, users, repeat));
            }
            if (figures.contains(Figure.NEW_CHANNELS) && passed.contains(Contender.CHARLA)) {
                inTurn(EnumSet.of(Contender.CHARLA), (charla, repeat) -> newChannels(charla, users, repeat));
            }
            users.delete();
        }
        if (figures.contains(Figure.RESTART)) {
            Backlog remembered = Backlog.make(work, workload(RESTART_CHANNELS), RESTART_EVENTS);
            inTurn(passed, (contender, repeat) -> report.add("restart", "s", contender, repeat,
                    Restart.measure(contender, remembered, work).toMillis() / 1e3));
            remembered.delete();
        }
        for (int number : figures.contains(Figure.IDLE) ? IDLE_CHANNELS : List.<Integer>of()) {
            Backlog users = Backlog.make(work, workload(number), Workload.USERS);
            String with = ", " + number + " channels";
            inTurn(passed, (contender, repeat) -> {
                Idle.Result result = Idle.measure(contender, users, work);
                report.add("idle" + with, "% of a core", contender, repeat, result.own());
                report.add("idle broker" + with, "% of a core", contender, repeat, result.broker());
            });
            if (passed.contains(Contender.CHARLA)) {
                inTurn(EnumSet.of(Contender.CHARLA), (charla, repeat) -> report.add(
                        "idle standalone" + with, "% of a core", charla, repeat, Idle.standalone(users, work)));
            }
            users.delete();
        }
    }

    private Workload workload(int number) throws IOException {
        return transcript.isPresent() ? Workload.ofTranscript(transcript.get(), number) : Workload.synthetic(number);
    }

    private Set<Contender> verified() throws Exception {
        Backlog backlog = Backlog.make(work, workload(VERIFIED_CHANNELS), verifiedEvents);
        Set<Contender> passed = EnumSet.noneOf(Contender.class);
        for (Contender contender : contenders) {
            List<String> faults = Survival.faults(contender, backlog, work);
            if (faults.isEmpty()) {
                report.remark(contender + " delivers what it should, also when it is killed");
                passed.add(contender);
            } else {
                report.remark(contender + " does not deliver what it should, and isn't measured: " + faults);
            }
        }
        backlog.delete();
        return passed;
    }

    private interface Measurement {
        void of(Contender contender, int repeat) throws Exception;
    }

    /** A, B, B, A: what changes slowly on the machine meanwhile is no advantage of one. */
    private void inTurn(Set<Contender> passed, Measurement measurement) throws Exception {
        List<Contender> order = new ArrayList<>(passed);
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (Contender contender : order) {
                measurement.of(contender, repeat);
            }
            Collections.reverse(order);
        }
    }

    private void throughput(Set<Contender> passed, int number) throws Exception {
        Backlog backlog = Backlog.make(work, workload(number), events);
        String of = ", " + number + " channels";
        inTurn(passed, (contender, repeat) -> {
            Throughput.Result result = Throughput.measure(contender, backlog, work, Duration.ofSeconds(limitSeconds));
            report.add("throughput" + of, "events/s", contender, repeat, result.perSecond());
            report.add("processor time" + of, "µs an event", contender, repeat, result.cpu());
            report.add("broker's processor time" + of, "µs an event", contender, repeat, result.brokerCpu());
            report.add("first commit" + of, "s", contender, repeat, result.firstAfter().toMillis() / 1e3);
        });
        backlog.delete();
    }

    private void latency(Contender contender, Backlog users, int rate, int repeat) throws Exception {
        try (Live live = new Live(contender, Contender.Aim.LATENCY, users, rate, work)) {
            live.goOn(WARM_UP);
            Histogram latencies = live.latencies(LATENCY_TIME);
            String at = ", " + rate + " a second";
            report.add("latency p50" + at, "ms", contender, repeat, latencies.getValueAtPercentile(50) / 1e6);
            report.add("latency p99" + at, "ms", contender, repeat, latencies.getValueAtPercentile(99) / 1e6);
            report.add("latency max" + at, "ms", contender, repeat, latencies.getMaxValue() / 1e6);
        }
    }

    private void recovery(Contender contender, Backlog users, int repeat) throws Exception {
        try (Live live = new Live(contender, Contender.Aim.LATENCY, users, RECOVERY_LOAD, work)) {
            live.goOn(WARM_UP);
            report.add("recovery after SIGKILL", "s", contender, repeat, live.recovery().toMillis() / 1e3);
        }
    }

    private void newChannels(Contender charla, Backlog users, int repeat) throws Exception {
        try (Live live = new Live(charla, Contender.Aim.LATENCY, users, LOAD_BESIDE_NEW_CHANNELS, work)) {
            live.goOn(WARM_UP);
            Histogram others = NewChannels.atOnce(live, users.workload(), NEW_CHANNELS_AT_ONCE, LATENCY_TIME);
            String meanwhile = ", " + NEW_CHANNELS_AT_ONCE + " channels at once by one user";
            report.add("others' latency p99" + meanwhile, "ms", charla, repeat, others.getValueAtPercentile(99) / 1e6);
            report.add("others' latency max" + meanwhile, "ms", charla, repeat, others.getMaxValue() / 1e6);
        }
        try (Live live = new Live(charla, Contender.Aim.MANY_NEW_CHANNELS, users, LOAD_BESIDE_NEW_CHANNELS, work)) {
            live.goOn(WARM_UP);
            Histogram alone = NewChannels.brokerAlone(live, NEW_CHANNELS_ONE_BY_ONE);
            Histogram each = NewChannels.oneByOne(live, users.workload(), NEW_CHANNELS_ONE_BY_ONE);
            report.add("a topic, the broker alone, p50", "ms", charla, repeat, alone.getValueAtPercentile(50) / 1e6);
            report.add("first message of a new channel p50", "ms", charla, repeat, each.getValueAtPercentile(50) / 1e6);
            report.add("first message of a new channel p99", "ms", charla, repeat, each.getValueAtPercentile(99) / 1e6);
        }
    }
}
