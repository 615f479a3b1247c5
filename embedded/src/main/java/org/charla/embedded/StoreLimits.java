package org.charla.embedded;

import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.h2.mvstore.MVStore;

/**
 * How many databases, collections, indexes and cursors the stand-in takes: each is kept in memory, whatever is in it. So
 * that nothing is counted twice or forgotten, what there is is read from the store, which is asked only when something
 * new is to be made.
 */
final class StoreLimits {

    /** Always more collections than the standalone makes channels, which cost it more than this each. */
    private static final long MEMORY_FOR_A_COLLECTION = 192L << 10;
    /** Several are sorted for at a time, and documents take more than what is counted. */
    private static final int KEPT_PART = 40;
    private static final int MOST_DATABASES = 100;
    private static final int INDEXES_OF_A_COLLECTION = 3;
    /** As long as the names of MongoDB's indexes were, and of a few fields. */
    private static final int INDEX_LENGTH = 2_000;
    private static final int MOST_CURSORS = 100;
    /** MongoDB's OutOfDiskSpace: who writes may try again when there is room. */
    private static final int NO_ROOM = 14031;
    private static final int DISTINCT_TOO_BIG = 17217;

    /** A database has one, and one of the other as soon as it has collections. */
    private static final String NAMES = ".system.namespaces";
    private static final String INDEXES = ".system.indexes";

    private final MVStore store;
    private final long mostCollections;
    private final long mostKept;
    /** The oldest first. */
    private final Queue<StoreCursor> cursors = new ArrayDeque<>();

    /** @param memory of the process, in bytes */
    StoreLimits(MVStore store, long memory) {
        this.store = store;
        this.mostCollections = memory / MEMORY_FOR_A_COLLECTION;
        this.mostKept = memory / KEPT_PART;
    }

    /**
     * To be asked before a map of documents is opened.
     *
     * @throws MongoServerError if it would be new, and one too many
     */
    void requireRoomFor(String map) {
        if (store.hasMap(map)) {
            return;
        }
        if (map.endsWith(NAMES)) {
            requireFewer(MOST_DATABASES, maps(NAMES), "databases");
        } else if (!map.endsWith(INDEXES)) {
            requireFewer(mostCollections, maps("") - maps(NAMES) - maps(INDEXES), "collections");
        }
    }

    /**
     * To be asked before an index is made.
     *
     * @throws MongoServerError if it is one too many, or longer than any that is of use
     */
    void requireRoomFor(Document index) {
        if (index.toString().length() > INDEX_LENGTH) {
            throw new MongoServerError(67, "CannotCreateIndex", "The MongoDB stand-in takes indexes of up to "
                    + INDEX_LENGTH + " characters");
        }
        long indexes = store.getMapNames().stream().filter(map -> isDocuments(map, INDEXES))
                .mapToLong(map -> StoreDatabase.openDocuments(store, map).sizeAsLong()).sum();
        requireFewer(INDEXES_OF_A_COLLECTION * mostCollections, indexes, "indexes");
    }

    private long maps(String end) {
        return store.getMapNames().stream().filter(map -> isDocuments(map, end)).count();
    }

    private static boolean isDocuments(String map, String end) {
        return map.startsWith(StoreDatabase.DOCUMENTS) && map.endsWith(end);
    }

    private static void requireFewer(long most, long there, String what) {
        if (there >= most) {
            throw new MongoServerError(NO_ROOM, "OutOfDiskSpace", "The MongoDB stand-in takes " + most + " " + what
                    + ", and has as many: drop some, or use a MongoDB");
        }
    }

    /** How many bytes of documents a query may have in memory, and all the cursors together. */
    long mostKept() {
        return mostKept;
    }

    /** @throws MongoServerError if different values, of so many bytes in all, are too many for an answer */
    void requireSmallEnough(long bytes) {
        if (bytes > mostKept) {
            throw new MongoServerError(DISTINCT_TOO_BIG, "The MongoDB stand-in takes " + mostKept
                    + " bytes of different values: use a narrower query, or a MongoDB");
        }
    }

    /** Keeps a cursor, and forgets the oldest ones if they are too many or keep too much: nobody need ever ask for them. */
    synchronized void keep(StoreCursor cursor, CursorRegistry registry) {
        registry.add(cursor);
        cursors.removeIf(StoreCursor::isEmpty);
        cursors.add(cursor);
        while (cursors.size() > MOST_CURSORS
                || cursors.size() > 1 && cursors.stream().mapToLong(StoreCursor::kept).sum() > mostKept) {
            registry.remove(cursors.remove());
        }
    }

    /** Keeps these cursors no more. */
    synchronized void forget(List<?> ids) {
        cursors.removeIf(cursor -> ids.contains(cursor.getId()));
    }
}
