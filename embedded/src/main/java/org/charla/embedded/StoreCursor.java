package org.charla.embedded;

import de.bwaldvogel.mongo.backend.AbstractCursor;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;

/** What a client has still to be given of what it asked for; it is looked for when it is asked for. */
final class StoreCursor extends AbstractCursor {

    /** A reply is in memory until it is read. One document may be larger. */
    private static final int BATCH_BYTES = 1 << 20;

    private final Object lock;
    private final StoreFind found;
    private final Spliterator<Document> remaining;
    private volatile boolean isEmpty;

    /** @param lock what keeps the collection from being changed */
    StoreCursor(long id, Object lock, StoreFind found) {
        super(id);
        this.lock = lock;
        this.found = found;
        this.remaining = found.documents().spliterator();
    }

    /** What it keeps in memory, in bytes, beside the place where it stopped. */
    long kept() {
        return isEmpty ? 0 : found.kept();
    }

    @Override
    public boolean isEmpty() {
        return isEmpty;
    }

    /** @param most documents; 0: as many as make a reply */
    @Override
    public List<Document> takeDocuments(int most) {
        synchronized (lock) {
            List<Document> taken = new ArrayList<>();
            long bytes = 0;
            while (!isEmpty && (most <= 0 || taken.size() < most) && bytes < BATCH_BYTES) {
                isEmpty = !remaining.tryAdvance(taken::add);
                bytes += isEmpty ? 0 : StoreTypes.memory(taken.get(taken.size() - 1));
            }
            found.rest();
            return taken;
        }
    }
}
