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
import de.bwaldvogel.mongo.backend.QueryParameters;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * A collection of the store. Beside the library's unique indexes it keeps indexes on one field that needn't be unique,
 * which the library only pretends to have; ranges and sorting by such a field read what they return and no more.
 */
final class StoreCollection extends AbstractSynchronizedMongoCollection<Long> {

    /** What a command has changed is in memory until it is in the file. */
    private static final int MOST_UNSAVED_BYTES = 8 << 20;

    private final MVMap<Long, Document> documents;
    private final StoreLimits limits;
    private final Function<String, MVMap<KeyValue, Long>> openIndex;
    /** By field: positions by value of that field and position. */
    private final Map<String, MVMap<KeyValue, Long>> sorted = new HashMap<>();
    /** Of the library's indexes, the one that every collection has: positions by {@code _id}. */
    private MVMap<KeyValue, Long> ids;

    StoreCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors,
            MVMap<Long, Document> documents, StoreLimits limits, Function<String, MVMap<KeyValue, Long>> openIndex) {
        super(database, name, options, cursors);
        this.documents = documents;
        this.limits = limits;
        this.openIndex = openIndex;
    }

    @Override
    public synchronized void addIndex(Index<Long> index) {
        super.addIndex(index);
        if (index instanceof StoreDatabase.UniqueIndex unique && index.getKeys().size() == 1
                && index.getKeys().get(0).getKey().equals(getIdField())) {
            ids = unique.positions();
        }
        if (!index.isUnique() && index.getKeys().size() == 1) {
            sorted.computeIfAbsent(index.getKeys().get(0).getKey(), field -> {
                MVMap<KeyValue, Long> positions = openIndex.apply(field);
                // As many as there are documents, or else the filling of it was broken off.
                if (positions.sizeAsLong() != documents.sizeAsLong()) {
                    positions.clear();
                    streamAllDocumentsWithPosition().forEach(found -> positions.put(
                            key(field, found.getDocument(), found.getPosition()), found.getPosition()));
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

    /** What clients find: a first batch of it, and a cursor that looks for the rest when it is asked for. */
    @Override
    public synchronized QueryResult handleQuery(QueryParameters parameters) {
        Document selector = parameters.getQuerySelector();
        String sign = selector.containsKey("query") ? "" : "$";
        boolean isOrderable = selector.containsKey(sign + "query");
        return firstBatch(find(isOrderable ? (Document) selector.get(sign + "query") : selector,
                isOrderable ? (Document) selector.get(sign + "orderby") : null, parameters.getNumberToSkip(),
                parameters.getLimit(), parameters.getProjection()), parameters.getBatchSize());
    }

    /** What the library itself asks for. */
    @Override
    public synchronized QueryResult handleQuery(Document selector, int skip, int limit) {
        return selector.containsKey("query")
                ? queryDocuments((Document) selector.get("query"), (Document) selector.get("orderby"), skip, limit, 0, null)
                : queryDocuments(selector, null, skip, limit, 0, null);
    }

    /**
     * What is to be changed, all of it: copies, since the library changes what it is given, and somebody may be reading
     * that. They come in an order that no change alters, and what was changed before is in the file if it is much.
     */
    @Override
    protected QueryResult queryDocuments(Document query, Document orderBy, int skip, int limit, int batchSize,
            Document fields) {
        StoreFind found = byUniqueIndex(query).orElseGet(() -> inOrderOfArrival(false));
        narrow(found, query, deriveComparator(orderBy), skip, limit, fields);
        Iterator<Document> once = found.documents().peek(document -> {
            found.rest();
            commitIfMuch();
        }).map(Document::cloneDeeply).iterator();
        return new QueryResult(() -> once);
    }

    /**
     * What an aggregation makes of the collection: a first batch of it, and a cursor.
     *
     * @param pipeline what it does with what is found
     */
    synchronized QueryResult aggregate(Consumer<StoreFind> pipeline, int batchSize) {
        StoreFind found = inOrderOfArrival(false);
        pipeline.accept(found);
        return firstBatch(found, batchSize);
    }

    @Override
    public synchronized Document handleDistinct(Document query) {
        Set<Object> values = new TreeSet<>(ValueComparator.ascWithoutListHandling());
        long[] bytes = new long[1];
        find((Document) query.getOrDefault("query", new Document()), null, 0, 0, null).documents().forEach(document -> {
            Object value = Utils.getSubdocumentValueCollectionAware(document, (String) query.get("key"));
            for (Object one : value instanceof Collection<?> several ? several : List.of(value)) {
                if (!(one instanceof Missing) && values.add(one)) {
                    bytes[0] += StoreTypes.memory(one);
                    limits.requireSmallEnough(bytes[0]);
                }
            }
        });
        Document answer = new Document("values", values);
        Utils.markOkay(answer);
        return answer;
    }

    @Override
    public synchronized int count(Document query, int skip, int limit) {
        return query == null || query.isEmpty() ? super.count(query, skip, limit)
                : (int) find(query, null, skip, Math.max(limit, 0), null).documents().count();
    }

    @Override
    public synchronized int deleteDocuments(Document selector, int limit, Oplog oplog) {
        int deleted = 0;
        for (Document document : handleQuery(selector, 0, limit)) {
            removeDocument(document);
            deleted++;
        }
        return deleted;
    }

    private QueryResult firstBatch(StoreFind found, int batchSize) {
        StoreCursor cursor = new StoreCursor(cursorRegistry.generateCursorId(), this, found);
        List<Document> batch = cursor.takeDocuments(batchSize);
        if (cursor.isEmpty()) {
            return new QueryResult(batch);
        }
        limits.keep(cursor, cursorRegistry);
        return new QueryResult(batch, cursor);
    }

    private StoreFind find(Document query, Document orderBy, int skip, int limit, Document fields) {
        String field = sortedField(query, orderBy);
        boolean isOrdered = orderBy != null && !orderBy.isEmpty();
        boolean descending = isOrdered && orderBy.values().iterator().next() instanceof Number sign && sign.intValue() < 0;
        Comparator<Document> order = deriveComparator(orderBy);
        Optional<StoreFind> byUniqueIndex = field == null ? byUniqueIndex(query) : Optional.empty();
        StoreFind found;
        if (field != null) {
            found = inOrder(field, query.get(field), descending);
            order = null;
        } else if (byUniqueIndex.isPresent()) {
            found = byUniqueIndex.get();
        } else if (order != null && ids != null && orderBy.keySet().equals(Set.of(getIdField()))) {
            found = new StoreFind(new StoreScan<>(ids, null, null, descending, documents::get), limits.mostKept());
            order = null;
        } else {
            found = inOrderOfArrival(isNaturalDescending(orderBy));
        }
        narrow(found, query, order, skip, limit, fields);
        return found;
    }

    private void narrow(StoreFind found, Document query, Comparator<Document> order, int skip, int limit,
            Document fields) {
        found.then(all -> all.filter(document -> documentMatchesQuery(document, query)));
        if (order != null) {
            found.sort(order, limit > 0 ? (long) skip + limit : Long.MAX_VALUE);
        }
        found.then(all -> limit > 0 ? all.skip(skip).limit(limit) : all.skip(skip));
        if (fields != null && !fields.isEmpty()) {
            found.then(all -> all.map(document -> super.matchDocumentsFromStream(new Document(), Stream.of(document), 0, 0,
                    0, null, fields).iterator().next()));
        }
    }

    private StoreFind inOrderOfArrival(boolean descending) {
        return new StoreFind(new StoreScan<>(documents, null, null, descending, document -> document), limits.mostKept());
    }

    /** Where a unique index says at once which documents may be meant, and how few they are: the caller looks closer. */
    private Optional<StoreFind> byUniqueIndex(Document query) {
        Document conditions = conditions(query);
        for (Index<Long> index : getIndexes()) {
            Document keys = new Document();
            index.getKeys().stream().map(IndexKey::getKey).filter(conditions::containsKey)
                    .forEach(key -> keys.put(key, conditions.get(key)));
            if (keys.values().stream().noneMatch(BsonRegularExpression::isRegularExpression) && index.canHandle(keys)) {
                List<Long> positions = new ArrayList<>();
                index.getPositions(keys).forEach(positions::add);
                return Optional.of(new StoreFind(positions.stream().map(documents::get).filter(Objects::nonNull),
                        (long) Long.BYTES * positions.size(), limits.mostKept()));
            }
        }
        return Optional.empty();
    }

    /** By field, one that holds for all that the query finds. */
    private static Document conditions(Document query) {
        Document conditions = new Document();
        query.forEach((field, condition) -> {
            if (field.equals("$and") && condition instanceof Collection<?> all) {
                all.stream().filter(Document.class::isInstance).map(Document.class::cast)
                        .forEach(one -> conditions(one).forEach(conditions::putIfAbsent));
            } else {
                conditions.putIfAbsent(field, condition);
            }
        });
        return conditions;
    }

    /** So much has been changed that it belongs into the file before the next change. */
    private void commitIfMuch() {
        if (documents.getStore().getUnsavedMemory() > MOST_UNSAVED_BYTES) {
            documents.getStore().commit();
        }
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
    private StoreFind inOrder(String field, Object condition, boolean descending) {
        Object from = bound(condition, "$gte", "$gt");
        Object to = bound(condition, "$lte", "$lt");
        KeyValue low = from == null ? null : new KeyValue(from, Long.MIN_VALUE);
        KeyValue high = to == null ? null : new KeyValue(to, Long.MAX_VALUE);
        return new StoreFind(new StoreScan<>(sorted.get(field), descending ? high : low, descending ? low : high,
                descending, documents::get), limits.mostKept());
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
        StoreScan<Long, Document> all = new StoreScan<>(documents, null, null, false, document -> document);
        return all.stream().map(document -> {
            Long position = all.position();
            all.rest();
            commitIfMuch();
            return new DocumentWithPosition<>(document, position);
        });
    }

    @Override
    protected QueryResult matchDocuments(Document query, Document orderBy, int skip, int limit, int batchSize,
            Document fields) {
        return queryDocuments(query, orderBy, skip, limit, batchSize, fields);
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
