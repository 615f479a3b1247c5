package org.charla.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.zip.CRC32C;
import org.apache.kafka.network.Request;
import kafka.server.ApiRequestHandler;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.apache.kafka.server.common.RequestLocal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands requests to Kafka's own handler with the compressed batches of records in them unpacked, none further than a
 * batch could be large that was sent as it is.
 *
 * <p>Kafka itself unpacks a batch before it judges its size: it allocates what a record claims to be long, up to 2 GB,
 * and keeps an object for each record, so that some kilobytes end a broker. What is not compressed it reads where it
 * lies.
 */
final class UnpackingHandler implements ApiRequestHandler {

    private static final Logger log = LoggerFactory.getLogger(UnpackingHandler.class);

    /** Clients write to several partitions at once. */
    private static final int BATCHES_OF_A_REQUEST = 4;

    // https://kafka.apache.org/documentation/#recordbatch
    private static final int LENGTH = 8;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int COMPRESSION = 7;

    /** With which the framing of snappy-java begins, and how long that beginning is; without it there is one block. */
    private static final long SNAPPY_MAGIC = 0x82_53_4E_41_50_50_59_00L;
    private static final int SNAPPY_FRAMING = 16;

    private final ApiRequestHandler kafka;
    private final int limit;

    /** @param limit the largest that a batch may be when unpacked, in bytes */
    UnpackingHandler(ApiRequestHandler kafka, int limit) {
        this.kafka = kafka;
        this.limit = limit;
    }

    @Override
    public void handle(Request request, RequestLocal local) {
        if (request.header().apiKey() == ApiKeys.PRODUCE) {
            ProduceRequest produce = request.body(ProduceRequest.class);
            unpack(produce.data(), local.bufferSupplier());
        }
        kafka.handle(request, local);
    }

    @Override
    public void tryCompleteActions() {
        kafka.tryCompleteActions();
    }

    private void unpack(ProduceRequestData request, BufferSupplier buffers) {
        long left = (long) BATCHES_OF_A_REQUEST * limit;
        for (ProduceRequestData.TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                if (partition.records() instanceof MemoryRecords records && isOneCompressedBatch(records)) {
                    MemoryRecords unpacked = unpack(records, (int) Math.min(limit, left), buffers);
                    left = Math.max(0, left - unpacked.sizeInBytes());
                    partition.setRecords(unpacked);
                }
            }
        }
    }

    /** Anything else Kafka refuses, or need not unpack. */
    private static boolean isOneCompressedBatch(MemoryRecords records) {
        try {
            Iterator<? extends RecordBatch> batches = records.batches().iterator();
            return batches.hasNext() && batches.next() instanceof DefaultRecordBatch batch && !batches.hasNext()
                    && batch.isValid() && batch.isCompressed();
        } catch (RuntimeException e) {
            log.debug("not a batch", e);
            return false;
        }
    }

    /**
     * The same batch, not compressed: cut one byte behind the limit where it is larger, so that Kafka finds it too
     * large. None, which Kafka refuses too, where it can't be unpacked.
     */
    private static MemoryRecords unpack(MemoryRecords records, int limit, BufferSupplier buffers) {
        try {
            ByteBuffer header = records.buffer().slice(0, DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
            byte[] unpacked = read((DefaultRecordBatch) records.firstBatch(), records.buffer(), limit, buffers);
            ByteBuffer batch = ByteBuffer.allocate(header.limit() + unpacked.length).put(header).put(unpacked).flip();
            batch.putInt(LENGTH, batch.limit() - Records.LOG_OVERHEAD);
            batch.putShort(ATTRIBUTES, (short) (batch.getShort(ATTRIBUTES) & ~COMPRESSION));
            CRC32C crc = new CRC32C();
            crc.update(batch.slice(ATTRIBUTES, batch.limit() - ATTRIBUTES));
            batch.putInt(CRC, (int) crc.getValue());
            return MemoryRecords.readableRecords(batch);
        } catch (IOException | RuntimeException e) {
            log.debug("a batch can't be unpacked", e);
            return MemoryRecords.EMPTY;
        }
    }

    private static byte[] read(DefaultRecordBatch batch, ByteBuffer bytes, int limit, BufferSupplier buffers)
            throws IOException {
        if (batch.compressionType() == CompressionType.SNAPPY && snappyLength(
                bytes.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD).limit(batch.sizeInBytes())) > limit) {
            return new byte[limit + 1];
        }
        try (InputStream records = batch.recordInputStream(buffers)) {
            return records.readNBytes(limit + 1);
        }
    }

    /** To how many bytes this claims to unpack, which snappy-java allocates; the others unpack piece by piece. */
    private static long snappyLength(ByteBuffer packed) {
        if (packed.remaining() < SNAPPY_FRAMING || packed.getLong(packed.position()) != SNAPPY_MAGIC) {
            return snappyBlockLength(packed);
        }
        long length = 0;
        while (packed.hasRemaining()) {
            int block = packed.getInt();
            if (block == (int) (SNAPPY_MAGIC >>> Integer.SIZE)) {
                packed.position(packed.position() - Integer.BYTES + SNAPPY_FRAMING);
            } else {
                length += snappyBlockLength(packed.slice(packed.position(), block));
                packed.position(packed.position() + block);
            }
        }
        return length;
    }

    private static long snappyBlockLength(ByteBuffer block) {
        return Integer.toUnsignedLong(ByteUtils.readUnsignedVarint(block));
    }
}
