package org.charla.benchmark;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ChildProcess;
import org.charla.testing.Java;

/** A Kafka of one node in a process of its own, with the settings that Charla's brokers have in common. */
final class Broker implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(5);
    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");
    /** As a broker for a machine's only user has them; the embedded one has fewer. */
    private static final Map<String, String> OWN = Map.of("num.io.threads", "8", "num.network.threads", "3");

    private final ChildProcess process;
    private final String bootstrapServers;

    private Broker(ChildProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts it with 1 GiB of heap and returns when it serves clients, see {@link #start(Path, Path, List)}. */
    static Broker start(Path folder, Path log) throws IOException, InterruptedException {
        return start(folder, log, HEAP);
    }

    /**
     * Starts it and returns when it serves clients.
     *
     * @param folder of its data; what is there goes on
     * @param log where what it says is added
     * @param options of its JVM
     */
    static Broker start(Path folder, Path log, List<String> options) throws IOException, InterruptedException {
        Path address = Files.createTempFile("broker", ".address");
        ChildProcess process = ChildProcess.start(log, Map.of(), Java.command(options,
                System.getProperty("java.class.path"), Server.class,
                Checkout.BROKER.toString(), folder.toString(), address.toString()));
        process.await("serves clients", START_LIMIT, () -> Files.size(address) > 0);
        String bootstrapServers = Files.readString(address);
        Files.delete(address);
        return new Broker(process, bootstrapServers);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    ChildProcess process() {
        return process;
    }

    /** Stops it in good order, so that its data can be copied. */
    @Override
    public void close() {
        process.terminate(STOP_LIMIT);
    }

    /** The process: settings, folder of the data, and the file that gets the address once it serves clients. */
    static final class Server {

        private Server() {
        }

        public static void main(String[] arguments) throws Exception {
            CountDownLatch failed = new CountDownLatch(1);
            EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Path.of(arguments[1]), 0, OWN,
                    (what, why) -> failed.countDown());
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
            Path half = Path.of(arguments[2] + ".new");
            Files.writeString(half, kafka.bootstrapServers());
            Files.move(half, Path.of(arguments[2]), ATOMIC_MOVE, REPLACE_EXISTING);
            failed.await();
            System.exit(1);
        }
    }
}
