package org.charla.connect.sink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.Deployer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;

/** A worker in this process with all of Charla's sinks. */
final class SinkWorker implements AutoCloseable {

    private static final List<String> SINKS = List.of("channel-messages-sink", "channels-sink", "users-sink");

    private final ConnectWorker worker;

    private SinkWorker(ConnectWorker worker) {
        this.worker = worker;
    }

    /** Returns when the sinks run. */
    static SinkWorker start(EmbeddedKafka kafka, String mongodbUri, Duration limit) throws Exception {
        SinkWorker started = new SinkWorker(
                ConnectWorker.start(Checkout.WORKER, Checkout.PLUGINS, kafka.bootstrapServers(), 0, mongodbUri));
        try {
            Deployer.apply(ConnectSettings.of(started.worker.url().toString(), Map.of(), Map.of(), Map.of()),
                    SINKS.stream().map(Checkout::connector).toList(), limit, note -> { });
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    void requireNotFailed() {
        SINKS.forEach(worker::requireNotFailed);
    }

    @Override
    public void close() {
        worker.close();
    }
}
