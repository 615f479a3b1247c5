package org.charla.streams;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.charla.protocol.ClosedKafka;

/**
 * Runs the streams app until SIGTERM or SIGINT: {@code Main [FILE]}, by default the file that
 * {@code CHARLA_STREAMS_CONFIG} names, else {@code config/streams.properties}. Exit status: 0 closed as asked, 1 failed,
 * 2 wrong settings.
 */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        Closing closing = new Closing();
        Runtime.getRuntime().addShutdownHook(closing);
        int status = run(args, closing);
        closing.requireNotAsked();
        System.exit(status);
    }

    private static int run(String[] args, Closing closing) {
        StreamsAppConfig config;
        Path file = Path.of(args.length > 0 ? args[0]
                : System.getenv().getOrDefault("CHARLA_STREAMS_CONFIG", "config/streams.properties"));
        try {
            config = StreamsAppConfig.load(file, System.getenv());
        } catch (ConfigException e) {
            return fail(2, file + ": " + e.getMessage());
        }
        try {
            StreamsApp app = closing.closes(StreamsApp.start(config));
            Throwable failure = app.failure().join();
            closing.requireNotAsked();
            app.close();
            return fail(1, "the pipeline stopped: " + ClosedKafka.refusal(failure)
                    .map(refusal -> kafkaAt(config) + " " + refusal).orElse(failure.toString()));
        } catch (ConfigException e) {
            return fail(2, file + ": " + e.getMessage());
        } catch (KafkaException e) {
            return fail(1, kafkaAt(config) + ClosedKafka.refusal(e).map(refusal -> " " + refusal)
                    .orElse(": " + e.getMessage()));
        }
    }

    private static String kafkaAt(StreamsAppConfig config) {
        return "Kafka at " + config.bootstrapServers();
    }

    /** What happens when the process is told to end, which it may be at any moment from its start on. */
    private static final class Closing extends Thread {

        private volatile StreamsApp app;

        private Closing() {
            super("charla-close");
        }

        StreamsApp closes(StreamsApp started) {
            app = started;
            return started;
        }

        @Override
        public void run() {
            if (app != null) {
                app.close();
            }
            // Otherwise the JVM would report the signal as its status, though all went as asked.
            Runtime.getRuntime().halt(0);
        }

        /** Takes back the promise to close; where it is being kept already, it ends the process, and this waits. */
        void requireNotAsked() {
            try {
                Runtime.getRuntime().removeShutdownHook(this);
            } catch (IllegalStateException e) {
                while (true) {
                    LockSupport.park();
                }
            }
        }
    }

    private static int fail(int status, String message) {
        System.err.println("charla-streams: " + message.lines().findFirst().orElse(message));
        return status;
    }
}
