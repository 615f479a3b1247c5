package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.charla.testing.Checkout;
import org.charla.testing.ChildProcess;

/** {@code ./charla standalone} on a copy of a backlog, in a folder that is gone when it is closed. */
final class Standalone implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern READY = Pattern.compile("ready: kafka (\\S+), ");

    private final Path folder;
    private final ChildProcess process;
    private final String bootstrapServers;

    /**
     * Starts it and returns when it is ready.
     *
     * @param options more of its options
     */
    Standalone(Backlog backlog, Path work, String... options) throws IOException, InterruptedException {
        folder = work.resolve("run");
        Backlog.delete(folder);
        backlog.copyTo(folder.resolve("data/kafka"));
        Path log = Files.createFile(folder.resolve("log"));
        List<String> command = new ArrayList<>(List.of(Checkout.HOME.resolve("charla").toString(), "standalone",
                "--no-chat", "--data-dir", folder.resolve("data").toString(),
                "--kafka-port", "0", "--connect-port", "0", "--mongodb-port", "0"));
        command.addAll(List.of(options));
        process = ChildProcess.start(log, Map.of(), command);
        Matcher[] ready = new Matcher[1];
        try {
            process.await("is ready", LIMIT, () -> {
                ready[0] = READY.matcher(Files.readString(log));
                return ready[0].find();
            });
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
        bootstrapServers = ready[0].group(1);
    }

    ChildProcess process() {
        return process;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws IOException {
        process.terminate(LIMIT);
        Backlog.delete(folder);
    }
}
