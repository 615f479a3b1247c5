package org.charla.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kafka.server.ApiRequestHandler;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.network.Request;
import org.apache.kafka.server.common.RequestLocal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody write to one topic faster than its reader can judge what all write, connection by connection: who sends more is
 * heard later, and everybody else at once. A request that comes too early waits here; until it is answered, Kafka reads
 * no other from its connection.
 *
 * <p>Kafka's own quotas go by the name that a client gives itself, which many share that never chose one, and count bytes:
 * a megabyte holds a hundred thousand records, each of which has to be judged.
 */
final class PacedSenders implements ApiRequestHandler {

    private static final Logger log = LoggerFactory.getLogger(PacedSenders.class);

    /** What a connection may write in a second, in records; one with headers, a signature's for example, counts as four. */
    private static final int RECORDS_A_SECOND = 15_000;
    private static final int RECORD_WITH_HEADERS = 4;
    private static final long NANOS_A_RECORD = TimeUnit.SECONDS.toNanos(1) / RECORDS_A_SECOND;

    /** What may come at once from who has been silent. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** More than there can be at once; of others nothing is remembered, and they begin anew. */
    private static final int MOST_CONNECTIONS = 1_024;

    /** How many requests wait at most, each with its records in memory; who comes then is not paced. */
    private static final int MOST_WAITING = 16;

    private final ApiRequestHandler kafka;
    private final String topic;
    private final Function<Uuid, String> topicNames;
    private final ScheduledThreadPoolExecutor waiting;

    /** Until when a connection has used up what it may write, by {@link System#nanoTime}. */
    private final Map<String, Long> usedUpUntil = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_CONNECTIONS;
        }
    };

    /** @param topicNames the name of a topic, by which older requests go, for its id; null where there is none */
    PacedSenders(ApiRequestHandler kafka, String topic, Function<Uuid, String> topicNames) {
        this.kafka = kafka;
        this.topic = topic;
        this.topicNames = topicNames;
        this.waiting = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "paced-senders");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void handle(Request request, RequestLocal local) {
        // Who is not paced uses up nothing either: it would be held against them for longer than one request can.
        long waitNanos = request.header().apiKey() == ApiKeys.PRODUCE && waiting.getQueue().size() < MOST_WAITING
                ? wait(request.context().connectionId, records(request.body(ProduceRequest.class).data())) : 0;
        if (waitNanos <= 0) {
            kafka.handle(request, local);
        } else {
            waiting.schedule(() -> handleLater(request), waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void handleLater(Request request) {
        try {
            kafka.handle(request, RequestLocal.noCaching());
            kafka.tryCompleteActions();
        } catch (RuntimeException e) {
            log.error("A request that had waited failed", e);
        }
    }

    @Override
    public void tryCompleteActions() {
        kafka.tryCompleteActions();
    }

    /** How long a request with so many records has to wait, in nanoseconds; not at all where it is 0 or less. */
    private long wait(String connection, long records) {
        if (records == 0) {
            return 0;
        }
        long now = System.nanoTime();
        synchronized (usedUpUntil) {
            long until = Math.max(now, usedUpUntil.getOrDefault(connection, now)) + records * NANOS_A_RECORD;
            usedUpUntil.put(connection, until);
            return until - now - BURST_NANOS;
        }
    }

    private long records(ProduceRequestData request) {
        long records = 0;
        for (TopicProduceData data : request.topicData()) {
            String name = data.name().isEmpty() ? topicNames.apply(data.topicId()) : data.name();
            if (topic.equals(name)) {
                for (PartitionProduceData partition : data.partitionData()) {
                    records += partition.records() instanceof MemoryRecords batches ? records(batches) : 0;
                }
            }
        }
        return records;
    }

    private static long records(MemoryRecords batches) {
        long records = 0;
        try {
            for (RecordBatch batch : batches.batches()) {
                // What is still compressed here Kafka refuses, without looking into it.
                if (!batch.isCompressed()) {
                    for (Record record : batch) {
                        records += record.headers().length == 0 ? 1 : RECORD_WITH_HEADERS;
                    }
                }
            }
        } catch (RuntimeException e) {
            log.debug("what Kafka will refuse", e);
        }
        return records;
    }
}
