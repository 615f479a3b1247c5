package org.charla.proof;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Keeps what of chat.raw is deleted, so that it can still be judged: a file a partition. */
final class Archive {

    private final Path folder;
    /** The first offset of each partition that isn't there yet. */
    private final Map<Integer, Long> next = new HashMap<>();

    Archive(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** Adds records of a partition behind those that are there; those that are there already it leaves out. */
    Adding adding(int partition) throws IOException {
        return new Adding(partition);
    }

    /** Records on their way into the archive. */
    final class Adding implements Closeable {

        private final int partition;
        private final DataOutputStream out;

        private Adding(int partition) throws IOException {
            this.partition = partition;
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file(partition),
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
        }

        void add(ConsumerRecord<byte[], byte[]> record) {
            if (record.offset() < next.getOrDefault(partition, 0L)) {
                return;
            }
            try {
                out.writeLong(record.offset());
                out.writeLong(record.timestamp());
                write(out, record.key());
                write(out, record.value());
                Header signature = record.headers().lastHeader(Signature.HEADER);
                write(out, signature == null ? null : signature.value());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            next.put(partition, record.offset() + 1);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    void read(int partition, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        if (!Files.exists(file(partition))) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file(partition)), 1 << 16))) {
            while (isMore(in)) {
                long offset = in.readLong();
                long timestamp = in.readLong();
                byte[] key = bytes(in);
                byte[] value = bytes(in);
                byte[] signature = bytes(in);
                RecordHeaders headers = signature == null ? new RecordHeaders()
                        : new RecordHeaders(List.of(new RecordHeader(Signature.HEADER, signature)));
                reader.accept(new ConsumerRecord<>(Oracle.RAW, partition, offset, timestamp,
                        TimestampType.LOG_APPEND_TIME, 0, 0, key, value, headers, Optional.empty()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMore(DataInputStream in) throws IOException {
        in.mark(1);
        boolean isMore = in.read() >= 0;
        in.reset();
        return isMore;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }

    private Path file(int partition) {
        return folder.resolve(Oracle.RAW + '-' + partition);
    }
}
