package org.charla.streams;

import java.nio.file.Path;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * Runs the streams app until SIGTERM or SIGINT: {@code Main [FILE]}, by default the file that
 * {@code CHARLA_STREAMS_CONFIG} names, else {@code config/streams.properties}. Exit status: 0 closed as asked, 1 failed,
 * 2 wrong settings.
 */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        StreamsAppConfig config;
        Path file = Path.of(args.length > 0 ? args[0]
                : System.getenv().getOrDefault("CHARLA_STREAMS_CONFIG", "config/streams.properties"));
        try {
            config = StreamsAppConfig.load(file, System.getenv());
        } catch (ConfigException e) {
            return fail(2, file + ": " + e.getMessage());
        }
        try {
            StreamsApp app = StreamsApp.start(config);
            Thread onSignal = new Thread(() -> {
                app.close();
                // Otherwise the JVM would report the signal as its status, though all went as asked.
                Runtime.getRuntime().halt(0);
            }, "charla-close");
            Runtime.getRuntime().addShutdownHook(onSignal);
            Throwable failure = app.failure().join();
            Runtime.getRuntime().removeShutdownHook(onSignal);
            app.close();
            return fail(1, "the pipeline stopped: " + failure);
        } catch (ConfigException e) {
            return fail(2, file + ": " + e.getMessage());
        } catch (KafkaException e) {
            return fail(1, "Kafka at " + config.bootstrapServers() + ": " + e.getMessage());
        }
    }

    private static int fail(int status, String message) {
        System.err.println("charla-streams: " + message.lines().findFirst().orElse(message));
        return status;
    }
}
