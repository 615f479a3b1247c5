package org.charla.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.charla.benchmark.loop.Loop;
import org.charla.testing.Checkout;
import org.charla.testing.ChildProcess;
import org.charla.testing.Java;

/**
 * What is measured: a program that reads {@code chat.raw} from where its group left off, and writes the topics of the
 * contract. Started again after a kill, with the same arguments, it goes on without a loss, and without a repetition
 * where it claims that.
 */
enum Contender {

    CHARLA("Charla", "charla-streams", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) throws IOException {
            List<String> lines = new ArrayList<>(List.of(
                    "bootstrap.servers=" + bootstrapServers, "state.dir=" + folder.resolve("state"),
                    // Nobody else here has one.
                    "flood.limit.per.minute=0"));
            if (aim == Aim.MANY_NEW_CHANNELS) {
                lines.addAll(List.of("channels.per.user.burst=1000000", "channels.per.user.per.hour=1000000",
                        "channels.burst=1000000", "channels.per.hour=1000000"));
            }
            Path settings = Files.write(folder.resolve("streams.properties"), lines);
            return streamsApp(HEAP, settings);
        }
    },

    LOOP("loop", "loop", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) {
            return Java.command(HEAP, System.getProperty("java.class.path"), Loop.class,
                    bootstrapServers, group(), "changelog");
        }
    },

    BARE_LOOP("bare loop", "bare-loop", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) {
            return Java.command(HEAP, System.getProperty("java.class.path"), Loop.class,
                    bootstrapServers, group(), "bare");
        }
    },

    FLINK("Flink", "flink", true) {
        @Override
        Optional<String> missing() {
            return Files.exists(FLINK_JAR) ? Optional.empty()
                    : Optional.of("no " + FLINK_JAR + ": start ./charla-benchmark");
        }

        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) throws IOException {
            List<String> options = new ArrayList<>(HEAP);
            // What it unpacks stays there after a kill.
            options.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
            // Readers see nothing before a checkpoint is complete.
            String checkpointMs = aim == Aim.LATENCY ? "100" : "1000";
            return Java.command(options, FLINK_JAR + ":" + Checkout.HOME.resolve("benchmark/flink/target/lib") + "/*",
                    "org.charla.benchmark.flink.FlinkJob", bootstrapServers, group(), folder.toString(), checkpointMs);
        }
    },

    QUIX("Quix Streams", "quix", true) {
        @Override
        Optional<String> missing() {
            return unlessThere(QUIX_PYTHON, "python3 with venv");
        }

        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) {
            // By default it commits every 5 s.
            String commitSeconds = aim == Aim.LATENCY ? "0.02" : "0.2";
            return List.of(QUIX_PYTHON.toString(), Checkout.HOME.resolve("benchmark/quix/chat.py").toString(),
                    bootstrapServers, group(), folder.resolve("state").toString(), commitSeconds);
        }
    },

    FRANZ_GO("franz-go", "franz-go", true) {
        @Override
        Optional<String> missing() {
            return unlessThere(FRANZ_GO_PROGRAM, "go 1.26 or newer");
        }

        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) {
            return List.of(FRANZ_GO_PROGRAM.toString(), bootstrapServers, group());
        }
    },

    ORIGINALS("kafka-python and pymongo", "originals", false) {
        @Override
        Optional<String> missing() {
            return Database.missing().or(() -> unlessThere(ORIGINALS_PYTHON, "python3 with venv"));
        }

        @Override
        Closeable startBeside(Path folder) throws Exception {
            Database database = new Database(folder.resolve("mongod"));
            Files.writeString(folder.resolve(MONGODB_URI), database.uri());
            return database::close;
        }

        @Override
        List<String> command(String bootstrapServers, Path folder, Aim aim) throws IOException {
            return List.of(ORIGINALS_PYTHON.toString(), Checkout.HOME.resolve("benchmark/originals/chat.py").toString(),
                    bootstrapServers, group(), Files.readString(folder.resolve(MONGODB_URI)));
        }
    };

    /** What a contender is started for, where its users would have to choose. */
    enum Aim { THROUGHPUT, LATENCY, MANY_NEW_CHANNELS }

    private static final List<String> HEAP = List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError");
    private static final Path FLINK_JAR = Checkout.HOME.resolve("benchmark/flink/target/charla-benchmark-flink.jar");

    /** What {@code charla-benchmark} has set up. */
    private static final Path QUIX_PYTHON = Checkout.HOME.resolve("benchmark/target/quix/bin/python");
    private static final Path FRANZ_GO_PROGRAM = Checkout.HOME.resolve("benchmark/target/franz-go");
    private static final Path ORIGINALS_PYTHON = Checkout.HOME.resolve("benchmark/target/originals/bin/python");
    private static final String MONGODB_URI = "mongodb.uri";

    private final String label;
    private final String group;
    private final boolean exactlyOnce;

    Contender(String label, String group, boolean exactlyOnce) {
        this.label = label;
        this.group = group;
        this.exactlyOnce = exactlyOnce;
    }

    /** Why it can't run on this machine, in a line; empty where it can. */
    Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * The command that starts Charla's streams app.
     *
     * @param options of its JVM
     */
    static List<String> streamsApp(List<String> options, Path settings) {
        return Java.command(options, Checkout.HOME.resolve("streams-app/target/charla-streams-app.jar") + ":"
                + Checkout.HOME.resolve("streams-app/target/lib") + "/*", "org.charla.streams.Main", settings.toString());
    }

    private static Optional<String> unlessThere(Path program, String needs) {
        return Files.isExecutable(program) ? Optional.empty()
                : Optional.of("no " + program + ": install " + needs + ", and start ./charla-benchmark");
    }

    /**
     * Starts what it needs besides Kafka and a kill spares; to be closed at the end.
     *
     * @param folder as of {@link #command}
     */
    Closeable startBeside(Path folder) throws Exception {
        return () -> { };
    }

    /** @param folder for what it keeps; there after a restart */
    abstract List<String> command(String bootstrapServers, Path folder, Aim aim) throws IOException;

    /** Starts it, or starts it again. */
    ChildProcess start(String bootstrapServers, Path folder, Aim aim) throws IOException {
        Files.createDirectories(folder);
        return ChildProcess.start(folder.resolve("log"), Map.of(), command(bootstrapServers, folder, aim));
    }

    /** The consumer group, or streams group, whose offsets say how far it is. */
    String group() {
        return group;
    }

    boolean isExactlyOnce() {
        return exactlyOnce;
    }

    @Override
    public String toString() {
        return label;
    }
}
