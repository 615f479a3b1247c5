package org.charla.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * A collection of the store. Beside the library's unique indexes it keeps indexes on one field that needn't be unique,
 * which the library only pretends to have; ranges and sorting by such a field read what they return and no more.
 */
final class StoreCollection extends AbstractSynchronizedMongoCollection<Long> {

    private final MVMap<Long, Document> documents;
    private final Function<String, MVMap<KeyValue, Long>> openIndex;
    /** By field: positions by value of that field and position. */
    private final Map<String, MVMap<KeyValue, Long>> sorted = new HashMap<>();

    StoreCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors,
            MVMap<Long, Document> documents, Function<String, MVMap<KeyValue, Long>> openIndex) {
        super(database, name, options, cursors);
        this.documents = documents;
        this.openIndex = openIndex;
    }

    @Override
    public synchronized void addIndex(Index<Long> index) {
        super.addIndex(index);
        if (!index.isUnique() && index.getKeys().size() == 1) {
            sorted.computeIfAbsent(index.getKeys().get(0).getKey(), field -> {
                MVMap<KeyValue, Long> positions = openIndex.apply(field);
                if (positions.isEmpty()) {
                    documents.forEach((position, document) -> positions.put(key(field, document, position), position));
                }
                return positions;
            });
        }
    }

    @Override
    public synchronized void dropIndex(String name) {
        Set<String> fields = new HashSet<>();
        getIndexes().stream().filter(index -> index.getName().equals(name) && !index.isUnique())
                .flatMap(index -> index.getKeys().stream()).map(IndexKey::getKey).forEach(fields::add);
        super.dropIndex(name);
        fields.forEach(field -> {
            MVMap<KeyValue, Long> positions = sorted.remove(field);
            if (positions != null) {
                positions.clear();
            }
        });
    }

    @Override
    protected QueryResult queryDocuments(Document query, Document orderBy, int skip, int limit, int batchSize,
            Document fields) {
        String field = sortedField(query, orderBy);
        if (field == null) {
            return super.queryDocuments(query, orderBy, skip, limit, batchSize, fields);
        }
        boolean descending = orderBy != null && orderBy.get(field) instanceof Number order && order.intValue() < 0;
        return matchDocumentsFromStream(query, inOrder(field, query.get(field), descending), skip, limit, batchSize,
                null, fields);
    }

    /** The field whose index gives the asked order, or without one the asked range; null if there is none. */
    private String sortedField(Document query, Document orderBy) {
        if (orderBy != null && !orderBy.isEmpty()) {
            String field = orderBy.keySet().iterator().next();
            return orderBy.size() == 1 && sorted.containsKey(field) ? field : null;
        }
        return query.keySet().stream()
                .filter(field -> sorted.containsKey(field) && query.get(field) instanceof Document).findFirst()
                .orElse(null);
    }

    /** Every document that the condition may hold for, and perhaps others: the caller looks closer. */
    private Stream<Document> inOrder(String field, Object condition, boolean descending) {
        Object from = bound(condition, "$gte", "$gt");
        Object to = bound(condition, "$lte", "$lt");
        KeyValue low = from == null ? null : new KeyValue(from, Long.MIN_VALUE);
        KeyValue high = to == null ? null : new KeyValue(to, Long.MAX_VALUE);
        MVMap<KeyValue, Long> index = sorted.get(field);
        Cursor<KeyValue, Long> cursor =
                descending ? index.cursor(high, low, true) : index.cursor(low, high, false);
        Iterator<Document> found = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public Document next() {
                cursor.next();
                return documents.get(cursor.getValue());
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(found, 0), false);
    }

    private static Object bound(Object condition, String inclusive, String exclusive) {
        if (!(condition instanceof Document operators)) {
            return null;
        }
        Object value = operators.get(inclusive) == null ? operators.get(exclusive) : operators.get(inclusive);
        return value instanceof Number ? value : null;
    }

    private static KeyValue key(String field, Document document, Long position) {
        return new KeyValue(document.getOrDefault(field, Missing.getInstance()), position);
    }

    @Override
    protected Long addDocumentInternal(Document document) {
        Long last = documents.lastKey();
        Long position = last == null ? 0 : last + 1;
        documents.put(position, document);
        sorted.forEach((field, positions) -> positions.put(key(field, document, position), position));
        return position;
    }

    @Override
    protected void removeDocument(Long position) {
        Document removed = documents.remove(position);
        if (removed == null) {
            throw new NoSuchElementException("no document at " + position);
        }
        sorted.forEach((field, positions) -> positions.remove(key(field, removed, position)));
    }

    @Override
    protected void handleUpdate(Long position, Document oldDocument, Document newDocument) {
        documents.put(position, newDocument);
        sorted.forEach((field, positions) -> {
            positions.remove(key(field, oldDocument, position));
            positions.put(key(field, newDocument, position), position);
        });
    }

    @Override
    protected Document getDocument(Long position) {
        return documents.get(position);
    }

    @Override
    protected Stream<DocumentWithPosition<Long>> streamAllDocumentsWithPosition() {
        return documents.entrySet().stream()
                .map(entry -> new DocumentWithPosition<>(entry.getValue(), entry.getKey()));
    }

    @Override
    protected QueryResult matchDocuments(Document query, Document orderBy, int skip, int limit, int batchSize,
            Document fields) {
        Stream<Document> all = documents.values().stream();
        if (isNaturalDescending(orderBy)) {
            Cursor<Long, Document> cursor = documents.cursor(null, null, true);
            all = Stream.generate(() -> {
                cursor.next();
                return cursor.getValue();
            }).limit(documents.sizeAsLong());
        }
        return matchDocumentsFromStream(all, query, orderBy, skip, limit, batchSize, fields);
    }

    @Override
    public int count() {
        return documents.size();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int sizeDelta) {
        // not tracked
    }

    @Override
    protected int getDataSize() {
        return 0;
    }
}
