package org.charla.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test in which a server fails. A server says so in a thread of its own, where an assertion is of no use:
 * registered as an extension, this asserts at the end of each test, and of all of them. Thread-safe.
 */
public final class ServerFaults implements BiConsumer<String, Throwable>, AfterEachCallback, AfterAllCallback {

    private final Queue<AssertionError> faults = new ConcurrentLinkedQueue<>();

    @Override
    public void accept(String what, Throwable cause) {
        faults.add(new AssertionError(what, cause));
    }

    /** Throws the first fault since it was asserted last, the others suppressed behind it. */
    public void assertNone() {
        AssertionError first = faults.poll();
        if (first != null) {
            for (AssertionError next = faults.poll(); next != null; next = faults.poll()) {
                first.addSuppressed(next);
            }
            throw first;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertNone();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertNone();
    }
}
