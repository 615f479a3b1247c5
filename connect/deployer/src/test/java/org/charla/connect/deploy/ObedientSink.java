package org.charla.connect.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink that writes nothing and fails when it is told to: as long as a file exists, or after a while. */
public final class ObedientSink extends SinkConnector {

    private Map<String, String> settings;

    @Override
    public void start(Map<String, String> given) {
        settings = given;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ObedientTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, settings);
    }

    @Override
    public void stop() {
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("size", ConfigDef.Type.INT, 1, ConfigDef.Range.between(1, 9), ConfigDef.Importance.LOW, "")
                // Its name gives nothing away: only the definition does.
                .define("opener", ConfigDef.Type.PASSWORD, "", new NotShort(), ConfigDef.Importance.LOW, "")
                .define("fail.while", ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "")
                .define("fail.after.ms", ConfigDef.Type.LONG, Long.MAX_VALUE, ConfigDef.Importance.LOW, "");
    }

    @Override
    public String version() {
        return "1";
    }

    /** A validator that blurts the password out, as the MongoDB connector's does. */
    private static final class NotShort implements ConfigDef.Validator {

        @Override
        public void ensureValid(String name, Object value) {
            String text = ((Password) value).value();
            if (text.length() == 7) {
                throw new ConfigException(name, text, "must not have 7 letters");
            }
        }
    }

    /** Its task. */
    public static final class ObedientTask extends SinkTask {

        private final long started = System.nanoTime();
        private Path failWhile;
        private long failAfterMillis;

        @Override
        public void start(Map<String, String> settings) {
            failWhile = Path.of(settings.getOrDefault("fail.while", ""));
            failAfterMillis = Long.parseLong(settings.getOrDefault("fail.after.ms", String.valueOf(Long.MAX_VALUE)));
            fail();
        }

        private void fail() {
            if (!failWhile.toString().isEmpty() && Files.exists(failWhile)
                    || System.nanoTime() - started > failAfterMillis * 1e6) {
                throw new ConnectException("gave up", new IllegalStateException(
                        "no room at mongodb://alice:hunter2@db/?x", new IOException("disk full")));
            }
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            fail();
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
