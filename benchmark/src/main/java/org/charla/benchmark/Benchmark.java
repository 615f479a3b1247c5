package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code charla-benchmark}. Exit status: 0 all delivered what they should, 1 not all, 2 wrong usage. */
@Command(name = "charla-benchmark", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures Charla beside what others would pick for the same work, on this machine.")
public final class Benchmark implements Callable<Integer> {

    /** What can be measured. */
    enum Figure {
        THROUGHPUT, LATENCY, RECOVERY, NEW_CHANNELS, RESTART, IDLE, GROWTH, CLIENT, SINK, PROTOCOL;

        /** Those that no contender but Charla is in. */
        private static final Set<Figure> OF_CHARLA = EnumSet.of(NEW_CHANNELS, GROWTH, CLIENT, SINK, PROTOCOL);
    }

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
    private static final int GROWTH_CHANNELS = 10;
    private static final int MORE_CHANNELS = 1_000;
    private static final int MORE_USERS = 100_000;
    private static final long GROWTH_MESSAGES = 100_000;
    private static final long MORE_MESSAGES = 1_000_000;
    private static final int DEPTH = 1_000_000;
    /** Of more than the depth, so that there are pages behind it. */
    private static final long BEYOND_DEPTH = 20_000;
    private static final int IMPORTED_MESSAGES = 200_000;
    private static final int SINK_MESSAGES = 500_000;
    private static final List<Integer> SINK_CHANNELS = List.of(1, 10, 100, 1_000);
    private static final long ITERATION_MS = 2_000;

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

    @Option(names = "--limit", paramLabel = "SECONDS", defaultValue = "60",
            description = "How long a throughput is measured at most, of whoever is too slow for the backlog behind a"
                    + " third of that (default: ${DEFAULT-VALUE}).")
    private int limitSeconds;

    @Option(names = "--scale", paramLabel = "FACTOR", defaultValue = "1",
            description = "Of the sizes that have no option of their own: 0.01 for a first look (default:"
                    + " ${DEFAULT-VALUE}).")
    private double scale;

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
    /** Whether something could not be measured. */
    private boolean isIncomplete;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        work = Files.createDirectories(work).toAbsolutePath();
        boolean areNamed = contenders != null;
        Set<Contender> asked = areNamed ? contenders
                : Figure.OF_CHARLA.containsAll(figures) && !verifyOnly ? EnumSet.of(Contender.CHARLA)
                : EnumSet.allOf(Contender.class);
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
            try {
                measure(passed);
            } finally {
                report.write(Files.createDirectories(out), settings());
                System.out.println(Files.readString(out.resolve("results.md")));
            }
        }
        return passed.equals(contenders) && !isIncomplete ? 0 : 1;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("backlog", events + " events");
        settings.put("texts", transcript.map(file -> file.getFileName().toString()).orElse("made up"));
        settings.put("verified", unverified ? "no: the figures don't count" : "yes");
        settings.put("repeats", String.valueOf(repeats));
        settings.put("channels for latency and recovery", String.valueOf(LIVE_CHANNELS));
        if (scale != 1) {
            settings.put("sizes", scale + " of what they should be: the figures don't count");
        }
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
                inTurn("latency, " + rate + " a second", passed,
                        (contender, repeat) -> latency(contender, users, rate, repeat));
            }
            if (figures.contains(Figure.RECOVERY)) {
                inTurn("recovery", passed, (contender, repeat) -> recovery(contender, users, repeat));
            }
            if (figures.contains(Figure.NEW_CHANNELS)) {
                inTurn("new channels", charla(passed), (charla, repeat) -> newChannels(charla, users, repeat));
            }
            users.delete();
        }
        if (figures.contains(Figure.RESTART)) {
            Backlog remembered =
                    Backlog.make(work, workload((int) scaled(RESTART_CHANNELS)), scaled(RESTART_EVENTS));
            inTurn("restart", passed, (contender, repeat) -> report.add("restart", "s", contender, repeat,
                    Restart.measure(contender, remembered, work).toMillis() / 1e3));
            remembered.delete();
        }
        for (int number : figures.contains(Figure.IDLE) ? IDLE_CHANNELS : List.<Integer>of()) {
            idle(passed, number);
        }
        if (figures.contains(Figure.GROWTH) && isPossible("growth", Database.missing())) {
            for (Growth.Thing thing : Growth.Thing.values()) {
                growth(passed, thing);
            }
        }
        if (figures.contains(Figure.CLIENT) && isPossible("client", Client.missing())) {
            client(passed);
        }
        if (figures.contains(Figure.SINK) && isPossible("sink", Database.missing())) {
            sink();
        }
        if (figures.contains(Figure.PROTOCOL)) {
            for (Protocol.Result result : Protocol.measure(repeats, scaled(ITERATION_MS))) {
                String of = "protocol, " + result.operation();
                report.add(of, "operations/s", Contender.CHARLA, result.repeat(), result.perSecond());
                report.add(of + ", allocated", "bytes", Contender.CHARLA, result.repeat(), result.allocated());
            }
        }
    }

    /** Whether nothing is missing for a figure; otherwise says what. */
    private boolean isPossible(String figure, Optional<String> missing) {
        missing.ifPresent(reason -> report.remark(figure + " is left out: " + reason));
        return missing.isEmpty();
    }

    private static Set<Contender> charla(Set<Contender> passed) {
        return passed.contains(Contender.CHARLA) ? EnumSet.of(Contender.CHARLA) : EnumSet.noneOf(Contender.class);
    }

    private long scaled(long size) {
        return Math.max(1, Math.round(size * scale));
    }

    private Workload workload(int number) throws IOException {
        return transcript.isPresent() ? Workload.ofTranscript(transcript.get(), number) : Workload.synthetic(number);
    }

    private Set<Contender> verified() throws Exception {
        Backlog backlog = Backlog.make(work, workload(VERIFIED_CHANNELS), verifiedEvents);
        Set<Contender> passed = EnumSet.noneOf(Contender.class);
        for (Contender contender : contenders) {
            List<String> faults;
            try {
                faults = Survival.faults(contender, backlog, work);
            } catch (IllegalStateException | IOException e) {
                faults = List.of(inALine(e));
            }
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

    private interface Measurement<T> {
        void of(T contender, int repeat) throws Exception;
    }

    /**
     * A, B, B, A: what changes slowly on the machine meanwhile is no advantage of one. Who can't be measured once is left
     * out from then on, and the others go on.
     */
    private <T> void inTurn(String figure, Collection<T> contenders, Measurement<T> measurement)
            throws InterruptedException {
        List<T> order = new ArrayList<>(contenders);
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (T contender : List.copyOf(order)) {
                if (!isMeasured(figure, contender, repeat, measurement)) {
                    order.remove(contender);
                }
            }
            Collections.reverse(order);
        }
    }

    private <T> boolean isMeasured(String figure, T contender, int repeat, Measurement<T> measurement)
            throws InterruptedException {
        try {
            measurement.of(contender, repeat);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            isIncomplete = true;
            e.printStackTrace();
            report.remark(figure + ", of " + contender + ": not measured, " + inALine(e));
            return false;
        }
    }

    private static String inALine(Exception e) {
        return e.toString().lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }

    private void throughput(Set<Contender> passed, int number) throws Exception {
        Backlog backlog = Backlog.make(work, workload(number), events);
        String of = ", " + number + " channels";
        inTurn("throughput" + of, passed, (contender, repeat) -> {
            Throughput.Result result = Throughput.measure(contender, backlog, work, Duration.ofSeconds(limitSeconds));
            if (!result.isWhole()) {
                report.remark("throughput" + of + ", of " + contender
                        + ": too slow for all of the backlog, measured for " + limitSeconds + " s of it");
            }
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
        int atOnce = (int) scaled(NEW_CHANNELS_AT_ONCE);
        int oneByOne = (int) scaled(NEW_CHANNELS_ONE_BY_ONE);
        try (Live live = new Live(charla, Contender.Aim.LATENCY, users, LOAD_BESIDE_NEW_CHANNELS, work)) {
            live.goOn(WARM_UP);
            Histogram others = NewChannels.atOnce(live, users.workload(), atOnce, LATENCY_TIME);
            String meanwhile = ", " + atOnce + " channels at once by one user";
            report.add("others' latency p99" + meanwhile, "ms", charla, repeat, others.getValueAtPercentile(99) / 1e6);
            report.add("others' latency max" + meanwhile, "ms", charla, repeat, others.getMaxValue() / 1e6);
        }
        try (Live live = new Live(charla, Contender.Aim.MANY_NEW_CHANNELS, users, LOAD_BESIDE_NEW_CHANNELS, work)) {
            live.goOn(WARM_UP);
            Histogram alone = NewChannels.brokerAlone(live, oneByOne);
            Histogram each = NewChannels.oneByOne(live, users.workload(), oneByOne);
            report.add("a topic, the broker alone, p50", "ms", charla, repeat, alone.getValueAtPercentile(50) / 1e6);
            report.add("first message of a new channel p50", "ms", charla, repeat, each.getValueAtPercentile(50) / 1e6);
            report.add("first message of a new channel p99", "ms", charla, repeat, each.getValueAtPercentile(99) / 1e6);
        }
    }

    private void idle(Set<Contender> passed, int number) throws Exception {
        Backlog users = Backlog.make(work, workload(number), Workload.USERS);
        String with = ", " + number + " channels";
        String unit = "% of a core";
        inTurn("idle" + with, passed, (contender, repeat) -> {
            Idle.Result result = Idle.measure(contender, users, work);
            report.add("idle" + with, unit, contender, repeat, result.own());
            report.add("idle broker" + with, unit, contender, repeat, result.broker());
        });
        inTurn("idle standalone" + with, charla(passed), (charla, repeat) ->
                report.add("idle standalone" + with, unit, charla, repeat, Idle.standalone(users, work)));
        if (isPossible("idle of the containers", Database.missing())) {
            inTurn("idle containers" + with, charla(passed), (charla, repeat) -> Idle.parts(users, work).forEach(
                    (part, percent) -> report.add("idle container, " + part + with, unit, charla, repeat, percent)));
        }
        users.delete();
    }

    private void growth(Set<Contender> passed, Growth.Thing thing) throws Exception {
        Workload workload = workload(GROWTH_CHANNELS);
        Workload more = switch (thing) {
            case CHANNEL -> workload((int) (GROWTH_CHANNELS + scaled(MORE_CHANNELS)));
            case USER -> workload.withUsers((int) (Workload.USERS + scaled(MORE_USERS)));
            case MESSAGE -> workload;
        };
        long messages = scaled(GROWTH_MESSAGES);
        Backlog few = Backlog.make(work, workload, workload.users() + messages);
        Backlog many = Backlog.make(work, more, more.users() + messages
                + (thing == Growth.Thing.MESSAGE ? scaled(MORE_MESSAGES) : 0));
        inTurn("growth", charla(passed), (charla, repeat) -> Growth.slopes(thing, few, many, work).forEach(
                slope -> report.add(slope.figure(), slope.unit(), charla, repeat, slope.value())));
        few.delete();
        many.delete();
    }

    private void client(Set<Contender> passed) throws Exception {
        int depth = (int) scaled(DEPTH);
        // Some of them become no messages.
        Backlog deep = Backlog.make(work, workload(1), Workload.USERS + depth + depth / 50 + BEYOND_DEPTH);
        inTurn("client", charla(passed), (charla, repeat) -> {
            try (Client client = new Client(deep, depth, work)) {
                addTimes("a page of history", "ms", 1e6, depth, charla, repeat, client.pages());
                addTimes("the command history", "s", 1e9, depth, charla, repeat, client.commands());
                report.add("chat, until its prompt stands", "s", charla, repeat, median(client.chatStarts()) / 1e9);
            }
        });
        deep.delete();
        Backlog users = Backlog.make(work, workload(LIVE_CHANNELS), Workload.USERS);
        inTurn("import", charla(passed), (charla, repeat) -> {
            Client.Imported imported = Client.imported(users, (int) scaled(IMPORTED_MESSAGES), work);
            report.add("import, until in Kafka", "messages/s", charla, repeat, imported.untilInKafka());
            report.add("import, until in MongoDB", "messages/s", charla, repeat, imported.untilInStore());
        });
        users.delete();
    }

    private void addTimes(String of, String unit, double nanos, int depth, Object who, int repeat, Client.Times times) {
        double end = median(times.end());
        double deep = median(times.deep());
        String behind = ", behind " + depth + " messages";
        report.add(of + " p50, at the end", unit, who, repeat, end / nanos);
        report.add(of + " p50" + behind, unit, who, repeat, deep / nanos);
        report.add(of + behind, "times that at the end", who, repeat, deep / end);
    }

    private static double median(Histogram times) {
        return times.getValueAtPercentile(50);
    }

    private void sink() throws Exception {
        try (Sink sink = new Sink((int) scaled(SINK_MESSAGES), work)) {
            for (int number : SINK_CHANNELS) {
                String into = "sink, " + number + " channels";
                List<Sink.Way> warm = new ArrayList<>();
                for (Sink.Way way : Sink.Way.values()) {
                    if (isMeasured(into, way, 0, (cold, repeat) -> sink.perSecond(cold, number))) {
                        warm.add(way);
                    }
                }
                inTurn(into, warm, (way, repeat) ->
                        report.add(into, "messages/s", way, repeat, sink.perSecond(way, number)));
            }
        }
    }
}
