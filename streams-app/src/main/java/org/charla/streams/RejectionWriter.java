package org.charla.streams;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.Rejection;
import org.charla.protocol.RejectionCode;

/**
 * Gives a rejected record its headers and its own bytes back, and counts it by code.
 *
 * <p>A cluster may take records of any size, and hold some from before {@link UncompressedTopics}. A record that no
 * topic would take back stops an exactly-once producer for good, so of a key or value beyond {@link #MAX_BYTES} only
 * the beginning is kept.
 */
final class RejectionWriter extends ContextualProcessor<byte[], Judged, byte[], byte[]> {

    /** The largest key and the largest value that are carried over whole: the most that Kafka takes by default. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final int KEPT_BYTES = 64 * 1024;

    /** What the topic has to take at least: a record of which only the beginning is kept, and its headers. */
    static final int LEAST_TOPIC_BYTES = 3 * KEPT_BYTES;

    private final Map<RejectionCode, Sensor> rejected = new EnumMap<>(RejectionCode.class);

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        for (RejectionCode code : RejectionCode.values()) {
            rejected.put(code, Metrics.rejected(context, code));
        }
    }

    @Override
    public void process(Record<byte[], Judged> record) {
        Judged judged = record.value();
        Rejected rejection = judged.rejection();
        rejected.get(rejection.code()).record();
        // At what is too large even for this topic the pipeline has failed twice. What the rules allow stays whole.
        int maxBytes = rejection.code() == RejectionCode.UNPROCESSABLE ? KEPT_BYTES : MAX_BYTES;
        byte[] key = bounded(record.key(), maxBytes);
        byte[] value = bounded(judged.rawValue(), maxBytes);
        boolean whole = key == record.key() && value == judged.rawValue();
        String reason = whole ? rejection.reason()
                : rejection.reason() + " Only its first " + KEPT_BYTES + " bytes are kept.";
        context().forward(new Record<>(key, value, record.timestamp(),
                new Rejection(rejection.code().name(), reason, judged.source().toString()).toHeaders()));
    }

    private static byte[] bounded(byte[] bytes, int maxBytes) {
        return bytes == null || bytes.length <= maxBytes ? bytes : Arrays.copyOf(bytes, KEPT_BYTES);
    }
}
