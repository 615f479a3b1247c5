package org.charla.connect.sink;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** MongoDB is away, starting, electing a primary or too slow: what was to be written can be tried again. */
final class OutageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Collection<SinkRecord> setAside;

    OutageException(String message, Throwable cause) {
        this(message, cause, List.of());
    }

    private OutageException(String message, Throwable cause, Collection<SinkRecord> setAside) {
        super(message, cause);
        this.setAside = setAside;
    }

    /** The same, behind records that were set aside. */
    OutageException behind(Collection<SinkRecord> records) {
        return new OutageException(getMessage(), getCause(), records);
    }

    /** What is not to be tried again, since it was set aside before MongoDB went. */
    Collection<SinkRecord> setAside() {
        return setAside;
    }
}
