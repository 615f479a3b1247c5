package org.charla.benchmark.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.charla.protocol.Topics;

/** A record of {@code chat.raw} with its place. Mutable and public as Flink's serializer of plain objects asks for. */
public final class RawRecord {

    /** May be null. */
    public byte[] key;
    /** May be null. */
    public byte[] value;
    /** In epoch milliseconds. */
    public long timestamp;
    public int partition;
    public long offset;

    public RawRecord() {
    }

    RawRecord(ConsumerRecord<byte[], byte[]> record) {
        this.key = record.key();
        this.value = record.value();
        this.timestamp = record.timestamp();
        this.partition = record.partition();
        this.offset = record.offset();
    }

    /** What the job's state is divided by; empty where there is no key. */
    String userId() {
        return key == null ? "" : new String(key, UTF_8);
    }

    /** {@code topic-partition@offset}. */
    String source() {
        return Topics.RAW + '-' + partition + '@' + offset;
    }
}
