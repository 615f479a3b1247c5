package org.charla.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.DocumentComparator;
import de.bwaldvogel.mongo.backend.EmptyIndex;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerException;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Map.Entry;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;

/**
 * A database of the store. A collection is a map of documents by the number of their arrival, so that new ones go
 * side by side to the end of the file; indexes point to those numbers.
 */
public final class StoreDatabase extends AbstractSynchronizedMongoDatabase<Long> {

    /** Of the names of the maps in which documents lie. */
    static final String DOCUMENTS = "documents.";
    private static final String INDEX = "index.";

    private final MVStore store;
    private final StoreLimits limits;

    /** Opens the database of this name in the store, as it lies there, for as much as anybody likes. */
    public StoreDatabase(String name, MVStore store, CursorRegistry cursors) {
        this(name, store, new StoreLimits(store, Long.MAX_VALUE), cursors);
    }

    /**
     * Opens the database of this name in the store, as it lies there.
     *
     * @param limits how many databases, collections and indexes there may be
     */
    StoreDatabase(String name, MVStore store, StoreLimits limits, CursorRegistry cursors) {
        super(name, cursors);
        this.store = store;
        this.limits = limits;
        initializeNamespacesAndIndexes();
    }

    @Override
    protected MongoCollection<Long> openOrCreateCollection(String collection, CollectionOptions options) {
        String map = DOCUMENTS + databaseName + "." + collection;
        limits.requireRoomFor(map);
        MVMap<Long, Document> documents = openDocuments(store, map);
        return new StoreCollection(this, collection, options, cursorRegistry, documents, limits,
                field -> openIndex(collection, "sorted/" + field));
    }

    static MVMap<Long, Document> openDocuments(MVStore store, String map) {
        return store.openMap(map, new MVMap.Builder<Long, Document>().keyType(LongDataType.INSTANCE)
                .valueType(new StoreTypes.Documents()));
    }

    @Override
    public Document handleCommand(Channel channel, String command, Document query, DatabaseResolver databases,
            Oplog oplog) {
        if (command.equalsIgnoreCase("aggregate") && query.get("cursor") instanceof Document cursor
                && resolveCollection(query.get(command).toString(), false) instanceof StoreCollection collection) {
            List<Document> pipeline = Aggregation.parse(query.get("pipeline"));
            QueryResult result = collection.aggregate(found -> {
                for (int i = 0; i < pipeline.size(); i++) {
                    Aggregation stage = Aggregation.fromPipeline(pipeline.subList(i, i + 1), databases, this, collection,
                            oplog);
                    pass(found, pipeline.get(i), i + 1 < pipeline.size() ? pipeline.get(i + 1) : new Document(), stage);
                }
            }, cursor.get("batchSize") instanceof Number batchSize ? batchSize.intValue() : 0);
            Document answer = new Document("cursor", new Document("id", result.getCursorId())
                    .append("ns", getFullCollectionNamespace(collection.getCollectionName()))
                    .append("firstBatch", result.collectDocuments()));
            Utils.markOkay(answer);
            return answer;
        }
        return super.handleCommand(channel, command, query, databases, oplog);
    }

    private static void pass(StoreFind found, Document stage, Document next, Aggregation library) {
        Object given = stage.values().iterator().next();
        switch (stage.keySet().iterator().next()) {
            case "$sort" -> found.sort(new DocumentComparator((Document) given),
                    next.get("$limit") instanceof Number limit ? limit.longValue() : Long.MAX_VALUE);
            case "$group" -> {
                Document values = ((Document) given).clone();
                found.group(values.remove("_id"), values, library::runStagesAsStream);
            }
            case "$sortByCount" -> found.group(given, new Document(), library::runStagesAsStream);
            default -> found.then(library::runStagesAsStream);
        }
    }

    @Override
    protected synchronized void addIndex(Document description) {
        if (!hasIndex(description)) {
            limits.requireRoomFor(description);
        }
        super.addIndex(description);
    }

    private boolean hasIndex(Document description) {
        MongoCollection<Long> definitions = indexes.get();
        return definitions != null && definitions.queryAllAsStream().anyMatch(known ->
                known.get("ns").equals(description.get("ns")) && known.get("name").equals(description.get("name")));
    }

    @Override
    protected Index<Long> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys,
            boolean sparse) {
        MVMap<KeyValue, Long> positions = openIndex(collection, "unique/" + name);
        if (!hasIndex(new Document("ns", getFullCollectionNamespace(collection)).append("name", name))) {
            // What is there is of one whose filling was broken off.
            positions.clear();
        }
        return new UniqueIndex(name, keys, sparse, positions);
    }

    @Override
    protected Index<Long> openOrCreateSecondaryIndex(String collection, String name, List<IndexKey> keys,
            boolean sparse) {
        return new SecondaryIndex(name, keys);
    }

    private MVMap<KeyValue, Long> openIndex(String collection, String name) {
        return store.openMap(indexes(collection) + name, new MVMap.Builder<KeyValue, Long>()
                .keyType(new StoreTypes.Keys()).valueType(LongDataType.INSTANCE));
    }

    /** A slash can't stand in the name of a collection's topic, so that no collection's name begins with another's. */
    private String indexes(String collection) {
        return INDEX + databaseName + "." + collection + "/";
    }

    @Override
    public void dropCollection(String collection, Oplog oplog) {
        super.dropCollection(collection, oplog);
        removeMaps(indexes(collection));
        store.removeMap(DOCUMENTS + databaseName + "." + collection);
    }

    @Override
    protected void dropIndex(MongoCollection<Long> collection, String name) {
        super.dropIndex(collection, name);
        store.removeMap(indexes(collection.getCollectionName()) + "unique/" + name);
    }

    @Override
    public void drop(Oplog oplog) {
        super.drop(oplog);
        removeMaps(DOCUMENTS + databaseName + ".");
        removeMaps(INDEX + databaseName + ".");
    }

    private void removeMaps(String prefix) {
        List.copyOf(store.getMapNames()).stream().filter(name -> name.startsWith(prefix)).forEach(store::removeMap);
    }

    @Override
    public void moveCollection(MongoDatabase from, MongoCollection<?> collection, String name) {
        throw new MongoServerException("renameCollection is not supported");
    }

    @Override
    protected long getStorageSize() {
        return store.getFileStore().size();
    }

    @Override
    protected long getFileSize() {
        return getStorageSize();
    }

    /** Only the definition: the collection keeps what it points to, and fills it when it is new. */
    private static final class SecondaryIndex extends EmptyIndex<Long> {

        private SecondaryIndex(String name, List<IndexKey> keys) {
            super(name, keys);
        }

        /** Else the library reads the whole collection to fill it, at each start. */
        @Override
        public boolean isEmpty() {
            return false;
        }
    }

    static final class UniqueIndex extends AbstractUniqueIndex<Long> {

        private final MVMap<KeyValue, Long> positions;

        private UniqueIndex(String name, List<IndexKey> keys, boolean sparse, MVMap<KeyValue, Long> positions) {
            super(name, keys, sparse);
            this.positions = positions;
        }

        MVMap<KeyValue, Long> positions() {
            return positions;
        }

        @Override
        protected Long removeDocument(KeyValue key) {
            return positions.remove(key);
        }

        @Override
        protected boolean putKeyPosition(KeyValue key, Long position) {
            return positions.putIfAbsent(key, position) == null;
        }

        @Override
        protected Iterable<Entry<KeyValue, Long>> getIterable() {
            return positions.entrySet();
        }

        @Override
        protected Long getPosition(KeyValue key) {
            return positions.get(key);
        }

        @Override
        public long getCount() {
            return positions.sizeAsLong();
        }

        @Override
        public long getDataSize() {
            return getCount();
        }
    }
}
