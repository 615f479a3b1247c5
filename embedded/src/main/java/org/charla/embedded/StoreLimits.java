package org.charla.embedded;

import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import org.h2.mvstore.MVStore;

/**
 * How many databases, collections, indexes and cursors the stand-in takes: each is kept in memory, whatever is in it. So
 * that nothing is counted twice or forgotten, what there is is read from the store, which is asked only when something
 * new is to be made.
 */
final class StoreLimits {

    private static final int MOST_DATABASES = 100;
    private static final int INDEXES_OF_A_COLLECTION = 3;
    /** As long as the names of MongoDB's indexes were, and of a few fields. */
    private static final int INDEX_LENGTH = 2_000;
    private static final int MOST_CURSORS = 100;
    /** MongoDB's OutOfDiskSpace: who writes may try again when there is room. */
    private static final int NO_ROOM = 14031;

    /** A database has one, and one of the other as soon as it has collections. */
    private static final String NAMES = ".system.namespaces";
    private static final String INDEXES = ".system.indexes";

    private final MVStore store;
    private final int mostCollections;
    private long cursorsGivenUp;

    StoreLimits(MVStore store, int mostCollections) {
        this.store = store;
        this.mostCollections = mostCollections;
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
        requireFewer(INDEXES_OF_A_COLLECTION * (long) mostCollections, indexes, "indexes");
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

    /**
     * Forgets the oldest cursors. They keep what they have still to give, and nobody need ever ask for it.
     *
     * @param newest the number of the one that was made last, which are counted from 1; 0: none was made
     */
    synchronized void giveUpCursors(CursorRegistry cursors, long newest) {
        while (cursorsGivenUp < newest - MOST_CURSORS) {
            cursors.remove(++cursorsGivenUp);
        }
    }
}
