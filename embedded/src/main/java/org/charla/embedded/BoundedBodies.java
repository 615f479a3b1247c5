package org.charla.embedded;

import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/**
 * Refuses requests to the worker whose bodies are larger than any connector's settings, which would be kept in memory,
 * or slower than anybody needs: Jetty waits for each byte anew, and has a thread waiting. Of its threads only some may
 * wait: where one more is to, the oldest of the bodies is given up, so that who comes is served whatever others keep
 * sending. A body that is sent at once is hardly ever waited for, and given up only where many others come meanwhile.
 */
public final class BoundedBodies implements ConnectRestExtension {

    private static final int MAX_BYTES = 1 << 20;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Of Jetty's 200 threads. */
    private static final int MAX_WAITING = 128;

    /** Those that a thread waits for right now. */
    private final Set<Bounded> waiting = new HashSet<>();

    @Override
    public void register(ConnectRestExtensionContext context) {
        context.configurable().register((ContainerRequestFilter) request ->
                request.setEntityStream(new Bounded(request.getEntityStream())));
        context.configurable().register(new BoundedRequests());
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }

    @Override
    public void close() {
    }

    private final class Bounded extends FilterInputStream {

        private final long start = System.nanoTime();
        private int left = MAX_BYTES;
        private Thread reader;
        private boolean isGivenUp;

        private Bounded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            begin();
            int read = -1;
            try {
                read = super.read();
            } finally {
                end();
            }
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            begin();
            int read = -1;
            try {
                read = super.read(bytes, offset, length);
            } finally {
                end();
            }
            count(Math.max(0, read));
            return read;
        }

        private void begin() throws IOException {
            if (available() > 0) {
                return;
            }
            synchronized (waiting) {
                reader = Thread.currentThread();
                waiting.add(this);
                if (waiting.size() > MAX_WAITING) {
                    waiting.stream().filter(body -> !body.isGivenUp)
                            .min(Comparator.comparingLong(body -> body.start - start)).ifPresent(Bounded::giveUp);
                }
            }
        }

        /** The thread wakes, and Jetty ends the connection, since there is more to come on it. */
        private void giveUp() {
            isGivenUp = true;
            reader.interrupt();
        }

        private void end() throws IOException {
            synchronized (waiting) {
                waiting.remove(this);
            }
            if (isGivenUp) {
                // Perhaps it did not wait any more.
                Thread.interrupted();
                throw new IOException("the body is given up for others");
            }
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("the body has more than " + MAX_BYTES + " bytes");
            }
            if (System.nanoTime() - start > MAX_NANOS) {
                throw new IOException("the body takes more than " + TimeUnit.NANOSECONDS.toSeconds(MAX_NANOS) + " s");
            }
        }
    }
}
