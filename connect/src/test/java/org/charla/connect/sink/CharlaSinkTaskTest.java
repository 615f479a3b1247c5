package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The task with a MongoDB that is not there. */
class CharlaSinkTaskTest {

    private static final TopicPartition GENERAL = new TopicPartition("chat.channel.general", 0);
    private static final TopicPartition OTHER = new TopicPartition("chat.channel.other", 0);

    private final Set<TopicPartition> assigned = new LinkedHashSet<>(List.of(GENERAL));
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private final CharlaSinkTask task = new CharlaSinkTask();

    @BeforeEach
    void start() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        task.initialize(context());
        task.start(new HashMap<>(Settings.channels(
                "connection.uri", "mongodb://127.0.0.1:" + free + "/?serverSelectionTimeoutMS=50").getOriginals()));
    }

    @AfterEach
    void stop() {
        task.stop();
    }

    @Test
    void whileMongodbIsAwayNothingCountsAsWrittenAndNoMoreIsRead() {
        task.open(assigned);
        assertThat(paused).isEmpty();
        task.put(List.of(Records.message(4), Records.message(5)));
        assertThat(task.preCommit(offsets(GENERAL, 6))).isEqualTo(offsets(GENERAL, 4));
        assertThat(paused).containsExactly(GENERAL);
        task.put(List.of());
        assertThat(task.preCommit(offsets(GENERAL, 6))).isEqualTo(offsets(GENERAL, 4));
    }

    @Test
    void aPartitionThatComesMeanwhileWaitsAsWell() {
        putAndFail();
        task.open(List.of(OTHER));
        assigned.add(OTHER);
        assertThat(paused).containsExactlyInAnyOrder(GENERAL, OTHER);
    }

    @Test
    void aPartitionThatGoesMeanwhileIsTheNextTasksAndTheOthersAreStillHeld() {
        assigned.add(OTHER);
        task.put(List.of(Records.message(4), new SinkRecord(OTHER.topic(), 0, null, "k", null, "v", 7)));
        assertThat(task.preCommit(offsets(GENERAL, 5, OTHER, 8))).isEqualTo(offsets(GENERAL, 4, OTHER, 7));
        task.close(List.of(GENERAL));
        assigned.remove(GENERAL);
        assertThat(task.preCommit(offsets(OTHER, 8))).isEqualTo(offsets(OTHER, 7));
        task.open(List.of(GENERAL));
        assigned.add(GENERAL);
        task.put(List.of(Records.message(2)));
        assertThat(task.preCommit(offsets(GENERAL, 3, OTHER, 8))).isEqualTo(offsets(GENERAL, 2, OTHER, 7));
    }

    @Test
    void whereAllThatWaitedHasGoneTheTaskReadsOn() {
        putAndFail();
        task.close(List.of(GENERAL));
        assigned.clear();
        paused.clear();
        assigned.add(OTHER);
        task.open(List.of(OTHER));
        assertThat(paused).isEmpty();
        paused.add(OTHER);
        task.put(List.of());
        assertThat(paused).isEmpty();
        assertThat(task.preCommit(offsets(OTHER, 8))).isEqualTo(offsets(OTHER, 8));
    }

    @Test
    void settingsThatAreNoneFailAtTheStart() {
        CharlaSinkTask wrong = new CharlaSinkTask();
        wrong.initialize(context());
        assertThatThrownBy(() -> wrong.start(Map.of("topics", "chat.users", "connection.uri", "nowhere")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("connection.uri");
        wrong.stop();
    }

    private void putAndFail() {
        task.put(List.of(Records.message(4)));
        assertThat(task.preCommit(offsets(GENERAL, 5))).isEqualTo(offsets(GENERAL, 4));
    }

    private SinkTaskContext context() {
        return (SinkTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {SinkTaskContext.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "assignment" -> assigned;
                        case "pause" -> {
                            paused.addAll(Arrays.asList((TopicPartition[]) arguments[0]));
                            yield null;
                        }
                        case "resume" -> {
                            Arrays.asList((TopicPartition[]) arguments[0]).forEach(paused::remove);
                            yield null;
                        }
                        case "timeout", "errantRecordReporter" -> null;
                        default -> throw new UnsupportedOperationException(method.toString());
                    };
                });
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Object... pairs) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            offsets.put((TopicPartition) pairs[i], new OffsetAndMetadata((int) pairs[i + 1]));
        }
        return offsets;
    }
}
