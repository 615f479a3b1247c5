package org.charla.embedded;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import kafka.network.SocketServer;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.network.Selector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The memory that requests are received into: long ones get theirs at a rate, together, and wait for it; all others at once.
 *
 * <p>Kafka takes a request apart in the thread that reads those of half of all others too, all that are there one behind the
 * other, before anything here can judge it. A megabyte of topics' names takes 50 ms, so that a hundred connections held up
 * everybody for seconds. May be used by several threads.
 */
final class PacedReceipts implements MemoryPool {

    private static final Logger log = LoggerFactory.getLogger(PacedReceipts.class);

    /** What waits for its turn; others' requests are much shorter. */
    private static final int LONG_BYTES = 1 << 15;
    private static final int BYTES_A_SECOND = 20_000_000;
    private static final double NANOS_A_BYTE = TimeUnit.SECONDS.toNanos(1) / (double) BYTES_A_SECOND;
    /** What taking apart costs that is not records, which are left as they are, beside receiving it. */
    private static final int TIMES_AS_MUCH = 10;
    /** What may begin at once: the two threads are held up by that for as long as it takes. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Until when is used up what may be received, by {@link System#nanoTime}; under the lock. */
    private long usedUpUntil = System.nanoTime();

    /** Lets all that reaches this server from now on wait for its memory here. */
    void pace(SocketServer server) {
        try {
            Field field = Selector.class.getDeclaredField("memoryPool");
            field.setAccessible(true);
            for (var acceptor : server.dataPlaneAcceptors().values()) {
                for (var processor : CollectionConverters.asJava(acceptor.processors())) {
                    field.set(processor.selector(), this);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A later Java may forbid it. All works without; long requests of many may hold up others.
            log.warn("Long requests are not paced: {}", e.toString());
        }
    }

    /** Null where it has to wait: Kafka asks again when {@link #isOutOfMemory} says that there is some. */
    @Override
    public ByteBuffer tryAllocate(int bytes) {
        if (bytes > LONG_BYTES && !takes(bytes)) {
            return null;
        }
        return ByteBuffer.allocate(bytes);
    }

    private synchronized boolean takes(int bytes) {
        if (isOutOfMemory()) {
            return false;
        }
        use(bytes);
        return true;
    }

    /** Lets others wait longer behind a request that turned out to be other than records. */
    synchronized void tookApart(int bytes) {
        if (bytes > LONG_BYTES) {
            use((TIMES_AS_MUCH - 1) * (long) bytes);
        }
    }

    private void use(long bytes) {
        long now = System.nanoTime();
        usedUpUntil = (usedUpUntil - now > 0 ? usedUpUntil : now) + (long) (bytes * NANOS_A_BYTE);
    }

    @Override
    public synchronized boolean isOutOfMemory() {
        return usedUpUntil - System.nanoTime() > BURST_NANOS;
    }

    @Override
    public void release(ByteBuffer received) { }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public long availableMemory() {
        return Long.MAX_VALUE;
    }
}
