package org.charla.testing;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Writes to Kafka what no client of Kafka's would: batches made by hand, byte for byte. */
public final class RawProducer implements AutoCloseable {

    private static final short VERSION = 12;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MEBIBYTE = 1 << 20;

    private final Socket socket;

    public RawProducer(String bootstrapServers) throws IOException {
        int colon = bootstrapServers.lastIndexOf(':');
        socket = new Socket(bootstrapServers.substring(0, colon),
                Integer.parseInt(bootstrapServers.substring(colon + 1)));
        socket.setSoTimeout((int) LIMIT.toMillis());
    }

    /** What Kafka says to the batch, once the partition has a leader. */
    public Errors send(String topic, int partition, byte[] batch) {
        return await().atMost(LIMIT).until(() -> sendOnce(topic, partition, batch),
                answer -> answer != Errors.NOT_LEADER_OR_FOLLOWER);
    }

    private Errors sendOnce(String topic, int partition, byte[] batch) throws IOException {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
        data.topicData().add(new ProduceRequestData.TopicProduceData().setName(topic).setPartitionData(List.of(
                new ProduceRequestData.PartitionProduceData().setIndex(partition)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch))))));
        RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, VERSION, "by-hand", 1);
        ByteBuffer request = new ProduceRequest(data, VERSION).serializeWithHeader(header);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(request.remaining());
        out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        ProduceResponse response =
                (ProduceResponse) AbstractResponse.parseResponse(answer, header);
        return Errors.forCode(response.data().responses().iterator().next().partitionResponses().get(0).errorCode());
    }

    /** Announces a request of this size, and sends nothing of it. */
    public void announce(int bytes) throws IOException {
        new DataOutputStream(socket.getOutputStream()).writeInt(bytes);
    }

    /** Whether Kafka closes the connection. */
    public boolean isClosedByPeer() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    /** What is in a batch, before it is packed. */
    public interface Records {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Records one behind the other, of the same bytes. */
    public static Records repeated(byte[] record, int times) {
        return out -> {
            for (int i = 0; i < times; i++) {
                out.write(record);
            }
        };
    }

    /** One record with this key and as many zeros as value. */
    public static Records zeros(byte[] key, int length) {
        return out -> {
            ByteArrayOutputStream begin = new ByteArrayOutputStream();
            begin.write(new byte[3]);
            writeVarint(begin, key.length);
            begin.write(key);
            writeVarint(begin, length);
            writeVarint(out, begin.size() + length + 1);
            begin.writeTo(out);
            for (int left = length; left > 0; left -= MEBIBYTE) {
                out.write(new byte[Math.min(left, MEBIBYTE)]);
            }
            out.write(0);
        };
    }

    /** A record that says that it is this long, whatever it is. */
    public static byte[] claiming(int length, byte[] key, byte[] value) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        writeVarint(record, length);
        record.write(new byte[3]);
        writeVarint(record, key.length);
        record.write(key);
        writeVarint(record, value.length);
        record.write(value);
        record.write(0);
        return record.toByteArray();
    }

    public static byte[] record(byte[] key, byte[] value) throws IOException {
        return claiming(claiming(0, key, value).length - 1, key, value);
    }

    public static byte[] batch(CompressionType compression, int count, Records records) throws IOException {
        ByteBufferOutputStream packed = new ByteBufferOutputStream(1024);
        try (OutputStream out = Compression.of(compression).build().wrapForOutput(packed, RecordBatch.MAGIC_VALUE_V2)) {
            records.writeTo(out);
        }
        ByteBuffer bytes = packed.buffer().flip();
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return batch(compression, count, array);
    }

    /** A batch of records that are packed already. */
    public static byte[] batch(CompressionType compression, int count, byte[] packed) {
        int header = 61;
        ByteBuffer batch = ByteBuffer.allocate(header + packed.length);
        long now = System.currentTimeMillis();
        batch.putLong(0).putInt(batch.capacity() - 12).putInt(-1).put((byte) 2).putInt(0)
                .putShort((short) compression.id).putInt(count - 1).putLong(now).putLong(now)
                .putLong(-1).putShort((short) -1).putInt(-1).putInt(count).put(packed);
        return checked(batch.array());
    }

    /** The batch with this timestamp for all of its records, in epoch milliseconds or whatever it is. */
    public static byte[] at(long timestamp, byte[] batch) {
        byte[] other = batch.clone();
        ByteBuffer.wrap(other).putLong(27, timestamp).putLong(35, timestamp);
        return checked(other);
    }

    /** The batch as an idempotent producer of this id sends it in its place. */
    public static byte[] by(long producer, int sequence, byte[] batch) {
        byte[] other = batch.clone();
        ByteBuffer.wrap(other).putLong(43, producer).putShort(51, (short) 0).putInt(53, sequence);
        return checked(other);
    }

    private static byte[] checked(byte[] batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch, 21, batch.length - 21);
        ByteBuffer.wrap(batch).putInt(17, (int) crc.getValue());
        return batch;
    }

    private static void writeVarint(OutputStream out, int value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(5);
        ByteUtils.writeVarint(value, bytes);
        out.write(bytes.array(), 0, bytes.position());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
