package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.charla.benchmark.loop.Loop;

/**
 * What is measured: a program that reads {@code chat.raw} from where its group left off, and writes the topics of the
 * contract. Started again after a kill, with the same arguments, it goes on without a loss, and without a repetition
 * where it claims that.
 */
enum Contender {

    CHARLA("Charla", "charla-streams", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder) throws IOException {
            Path settings = Files.write(folder.resolve("streams.properties"), List.of(
                    "bootstrap.servers=" + bootstrapServers, "state.dir=" + folder.resolve("state")));
            return Java.command(HEAP, Home.resolve("streams-app/target/charla-streams-app.jar") + ":"
                    + Home.resolve("streams-app/target/lib") + "/*", "org.charla.streams.Main", settings.toString());
        }
    },

    LOOP("loop", "loop", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder) {
            return Java.command(HEAP, System.getProperty("java.class.path"), Loop.class,
                    bootstrapServers, group(), "changelog");
        }
    },

    BARE_LOOP("bare loop", "bare-loop", true) {
        @Override
        List<String> command(String bootstrapServers, Path folder) {
            return Java.command(HEAP, System.getProperty("java.class.path"), Loop.class,
                    bootstrapServers, group(), "bare");
        }
    };

    private static final List<String> HEAP = List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError");

    private final String label;
    private final String group;
    private final boolean exactlyOnce;

    Contender(String label, String group, boolean exactlyOnce) {
        this.label = label;
        this.group = group;
        this.exactlyOnce = exactlyOnce;
    }

    /** @param folder for what it keeps; there after a restart */
    abstract List<String> command(String bootstrapServers, Path folder) throws IOException;

    /** Starts it, or starts it again. */
    ChildProcess start(String bootstrapServers, Path folder) throws IOException {
        Files.createDirectories(folder);
        return ChildProcess.start(folder.resolve("log"), Map.of(), command(bootstrapServers, folder));
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
