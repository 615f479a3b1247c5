package org.charla.connect.deploy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink that writes nothing, in this process, the last of whose tasks does not start before it is let go. */
public final class HeldSink extends SinkConnector {

    /** Comes to 0 when it waits. */
    static final CountDownLatch IS_HELD = new CountDownLatch(1);

    /** Lets it go. */
    static final CountDownLatch LET_GO = new CountDownLatch(1);

    private static final String HELD = "held";

    @Override
    public void start(Map<String, String> settings) {
    }

    @Override
    public Class<? extends Task> taskClass() {
        return HeldTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasks) {
        return IntStream.range(0, tasks).mapToObj(task -> Map.of(HELD, String.valueOf(task == tasks - 1))).toList();
    }

    @Override
    public void stop() {
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public String version() {
        return "1";
    }

    /** Its task. */
    public static final class HeldTask extends SinkTask {

        @Override
        public void start(Map<String, String> settings) {
            if (Boolean.parseBoolean(settings.get(HELD))) {
                IS_HELD.countDown();
                try {
                    LET_GO.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ConnectException(e);
                }
            }
        }

        @Override
        public void put(Collection<SinkRecord> records) {
        }

        @Override
        public void stop() {
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
