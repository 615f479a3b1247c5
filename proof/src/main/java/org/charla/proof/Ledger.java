package org.charla.proof;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of each attempt to write to chat.raw: a file of 18 bytes an attempt. And from which offsets retention
 * took records that nobody had read. Thread-safe.
 */
final class Ledger implements Closeable {

    private final Path file;
    private final DataOutputStream out;
    private final List<Taken> taken = new ArrayList<>();
    private long attempts;
    private long acknowledged;
    private long refused;
    private long unsaid;

    private record Taken(int partition, long from, long to) {
    }

    Ledger(Path file) throws IOException {
        this.file = file;
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    synchronized void note(Attempt attempt) {
        attempts++;
        switch (attempt.answer()) {
            case ACKNOWLEDGED -> acknowledged++;
            case REFUSED -> refused++;
            case UNSAID -> unsaid++;
        }
        try {
            out.writeByte(attempt.answer().letter());
            out.writeByte(attempt.partition());
            out.writeLong(attempt.offset());
            out.writeLong(attempt.hash());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that what stands there from {@code from} on, and before {@code to}, was deleted before it was read. */
    synchronized void taken(int partition, long from, long to) {
        taken.add(new Taken(partition, from, to));
    }

    synchronized boolean isTaken(int partition, long offset) {
        return taken.stream().anyMatch(
                range -> range.partition == partition && range.from <= offset && offset < range.to);
    }

    /** What was written to a partition. */
    synchronized Written written(int partition) {
        Written written = new Written(partition);
        try {
            out.flush();
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                for (long i = 0; i < attempts; i++) {
                    Attempt.Answer answer = Attempt.Answer.of(in.readByte());
                    int to = in.readByte();
                    long offset = in.readLong();
                    long hash = in.readLong();
                    // Of what was never sent nobody knows where it was to go.
                    if (to == partition || to < 0) {
                        written.add(new Attempt(answer, to, offset, hash));
                    }
                }
            } catch (EOFException e) {
                throw new IllegalStateException(file + " was cut short", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written;
    }

    @Override
    public synchronized String toString() {
        return attempts + " attempts to write: acknowledged " + acknowledged + ", refused by Kafka " + refused
                + ", unsaid " + unsaid;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    /** What the ledger has of one partition, against what is found there. */
    static final class Written {

        private final int partition;
        private final Numbered acknowledged = new Numbered();
        private long[] offsets = {};
        private long[] hashes = {};
        /** 0: not found yet. */
        private int[] found = {};
        /** Attempts of which nobody said what became of them. */
        private final Map<Long, Integer> unsaid = new HashMap<>();

        private Written(int partition) {
            this.partition = partition;
        }

        private void add(Attempt attempt) {
            if (attempt.answer() == Attempt.Answer.UNSAID) {
                unsaid.merge(attempt.hash(), 1, Integer::sum);
            } else if (attempt.answer() == Attempt.Answer.ACKNOWLEDGED) {
                int number = acknowledged.add(attempt.offset());
                offsets = Numbered.room(offsets, number);
                hashes = Numbered.room(hashes, number);
                found = Numbered.room(found, number);
                offsets[number] = attempt.offset();
                hashes[number] = attempt.hash();
            }
        }

        void found(long offset, long hash, Findings findings) {
            int number = acknowledged.find(offset);
            if (number >= 0 && hashes[number] == hash) {
                found[number] = 1;
            } else if (unsaid.merge(hash, -1, Integer::sum) < 0) {
                findings.add(Findings.Kind.NOT_WRITTEN, Oracle.RAW + '-' + partition + '@' + offset
                        + (number < 0 ? "" : " is not what was acknowledged there"));
            }
        }

        /** Nothing more is in the partition. */
        void end(Findings findings) {
            for (int number = 0; number < acknowledged.size(); number++) {
                if (found[number] == 0) {
                    findings.add(Findings.Kind.LOST_BY_KAFKA, Oracle.RAW + '-' + partition + '@' + offsets[number]);
                }
            }
        }
    }
}
