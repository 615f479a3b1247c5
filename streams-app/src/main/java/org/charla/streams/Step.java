package org.charla.streams;

import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;

/** One thing that is asked of a raw record, or remembered of it, on its way through {@link Steps}. Used by one thread. */
interface Step {

    /** Before the first record: the step finds its stores in the context. */
    void init(FixedKeyProcessorContext<byte[], Judged> context);

    /**
     * Takes a record on.
     *
     * @param key the raw record's
     * @return what is thought of it behind this step; null where it is a duplicate, and goes no further
     */
    Judged take(Judged judged, byte[] key);
}
