package org.charla.embedded;

import de.bwaldvogel.mongo.bson.Document;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * Documents one after the other, in the order of a map. It can rest for as long as anybody likes and goes on behind what
 * it gave last, with what is there then: it keeps no document, and no version of the store. Not for two threads at once.
 */
final class StoreScan<K, V> implements Iterator<Document> {

    private final MVMap<K, V> map;
    private final K to;
    private final boolean descending;
    private final Function<V, Document> documentOf;
    private K from;
    private boolean isFromGiven;
    private Cursor<K, V> cursor;

    /**
     * @param from where it begins, or null
     * @param to where it ends, or null: at or below the beginning if it descends
     */
    StoreScan(MVMap<K, V> map, K from, K to, boolean descending, Function<V, Document> documentOf) {
        this.map = map;
        this.from = from;
        this.to = to;
        this.descending = descending;
        this.documentOf = documentOf;
    }

    @Override
    public boolean hasNext() {
        if (cursor == null) {
            K next = isFromGiven ? descending ? map.lowerKey(from) : map.higherKey(from) : from;
            if (isFromGiven && next == null) {
                return false;
            }
            cursor = map.cursor(next, to, descending);
        }
        return cursor.hasNext();
    }

    @Override
    public Document next() {
        from = cursor.next();
        isFromGiven = true;
        return documentOf.apply(cursor.getValue());
    }

    /** Where that lies which it gave last. */
    K position() {
        return from;
    }

    /** To be said before the store may change under it. */
    void rest() {
        cursor = null;
    }

    Stream<Document> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, 0), false);
    }
}
