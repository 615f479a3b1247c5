package org.charla.embedded;

import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/**
 * Refuses requests to the worker whose bodies are larger than any connector's settings, which would be kept in memory,
 * or slower than anybody needs: Jetty waits for each byte anew, and has a thread waiting.
 */
public final class BoundedBodies implements ConnectRestExtension {

    private static final int MAX_BYTES = 1 << 20;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Override
    public void register(ConnectRestExtensionContext context) {
        context.configurable().register((ContainerRequestFilter) request ->
                request.setEntityStream(new Bounded(request.getEntityStream())));
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

    private static final class Bounded extends FilterInputStream {

        private final long start = System.nanoTime();
        private int left = MAX_BYTES;

        private Bounded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
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
