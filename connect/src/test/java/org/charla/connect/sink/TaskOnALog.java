package org.charla.connect.sink;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * A task, and of a worker what has to do with where a topic is read: it puts what stands at its position, seeks where the
 * task says, and commits what the task allows.
 */
final class TaskOnALog implements AutoCloseable {

    private final TopicPartition partition;
    private final CharlaSinkTask task = new CharlaSinkTask();
    private final Map<TopicPartition, Long> seeks = new HashMap<>();
    private List<SinkRecord> log = List.of();
    private int position;

    TaskOnALog(String topic, String mongodbUri, int committed) {
        partition = new TopicPartition(topic, 0);
        position = committed;
        task.initialize((SinkTaskContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {SinkTaskContext.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "assignment" -> Set.of(partition);
                    case "offset" -> seeks.put((TopicPartition) arguments[0], (Long) arguments[1]);
                    case "pause", "resume", "timeout", "errantRecordReporter" -> null;
                    default -> throw new UnsupportedOperationException(method.toString());
                }));
        task.start(new HashMap<>(Settings.channels("connection.uri", mongodbUri).getOriginals()));
        task.open(Set.of(partition));
    }

    /**
     * What a topic holds.
     *
     * @param id Kafka's; empty: unknown; null: nobody tells
     */
    static List<SinkRecord> log(String topic, String id, String... texts) {
        List<SinkRecord> records = new ArrayList<>();
        try (ChannelMessageDocument document = new ChannelMessageDocument()) {
            for (String text : texts) {
                SinkRecord raw = Records.raw(topic, records.size(), "alice:" + text, Records.messageJson(text, text));
                ConnectHeaders headers = new ConnectHeaders();
                if (id != null) {
                    headers.addBytes(TopicId.HEADER,
                            id.isEmpty() ? new byte[0] : new TopicId(id, "cluster").toHeader());
                }
                records.add(document.apply(new SinkRecord(topic, 0, null, raw.key(), null, raw.value(), raw.kafkaOffset(),
                        0L, TimestampType.CREATE_TIME, headers)));
            }
        }
        return records;
    }

    /** Has the topic hold this from now on; the position stays, unless it is behind the end. */
    TaskOnALog is(List<SinkRecord> records) {
        log = records;
        position = position > log.size() ? 0 : position;
        return this;
    }

    /** Puts so many records, or as many as there are. */
    TaskOnALog put(int count) {
        if (seeks.containsKey(partition)) {
            position = Math.toIntExact(seeks.remove(partition));
        }
        int end = Math.min(log.size(), position + count);
        task.put(log.subList(position, end));
        position = end;
        return this;
    }

    /** Puts all that there is, until nothing is to be read again. */
    TaskOnALog putAll() {
        do {
            put(1_000);
            put(0);
        } while (position < log.size() || !seeks.isEmpty());
        return this;
    }

    /** What may be committed. */
    int committed() {
        return Math.toIntExact(task.preCommit(Map.of(partition, new OffsetAndMetadata(position))).get(partition).offset());
    }

    @Override
    public void close() {
        task.stop();
    }
}
