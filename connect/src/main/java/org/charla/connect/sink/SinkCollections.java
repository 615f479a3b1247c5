package org.charla.connect.sink;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.util.TimeseriesValidation;
import java.util.HashSet;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/** The collections that topics are written to, each made ready for that once. Not safe for use by several threads. */
final class SinkCollections {

    private static final int INDEX_OPTIONS_CONFLICT = 85;
    private static final int INDEX_KEY_SPECS_CONFLICT = 86;

    private final MongoClient client;
    private final Set<Use> ready = new HashSet<>();

    private record Use(String topic, MongoNamespace namespace) {
    }

    /** @param client stays the caller's to close */
    SinkCollections(MongoClient client) {
        this.client = client;
    }

    /**
     * Returns when the collection is as the topic's settings and its strategy need it; only the first time does that
     * ask MongoDB.
     *
     * @throws com.mongodb.MongoException if MongoDB is away, or does not let the sink
     */
    MongoCollection<BsonDocument> get(MongoNamespace namespace, MongoSinkTopicConfig topic) {
        MongoCollection<BsonDocument> collection = client.getDatabase(namespace.getDatabaseName())
                .getCollection(namespace.getCollectionName(), BsonDocument.class);
        Use use = new Use(topic.getTopic(), namespace);
        if (!ready.contains(use)) {
            if (topic.isTimeseries()) {
                TimeseriesValidation.validateCollection(client, namespace, topic);
            }
            if (topic.getWriteModelStrategy() instanceof CollectionStrategy strategy) {
                strategy.index().ifPresent(keys -> createIndex(collection, keys));
            }
            ready.add(use);
        }
        return collection;
    }

    private static void createIndex(MongoCollection<BsonDocument> collection, Bson keys) {
        try {
            collection.createIndex(keys);
        } catch (MongoCommandException e) {
            // Somebody made one with another name or other options: it serves as well.
            if (e.getErrorCode() != INDEX_OPTIONS_CONFLICT && e.getErrorCode() != INDEX_KEY_SPECS_CONFLICT) {
                throw e;
            }
        }
    }
}
