package org.charla.connect.audit;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.charla.access.Store;
import org.charla.connect.sink.SinkWork;

/**
 * What is compared: a topic's log, the collection that is named like it, and what the sink between them makes of records.
 *
 * @param log    of all topics
 * @param store  where the collections are
 * @param sink   the sink's code
 * @param progress how far the sink has come
 * @param repair whether what is missing is to be written
 */
record Sides(TopicLog log, Store store, SinkWork sink, SinkProgress progress, boolean repair) {

    /** How many documents are asked for at once. */
    private static final int ASKED = 1_000;

    /** As whoever wrote last wrote it: what the sink did must be seen. */
    MongoCollection<RawBsonDocument> collection(String topic) {
        return store.database().getCollection(topic, RawBsonDocument.class)
                .withReadPreference(ReadPreference.primary()).withReadConcern(ReadConcern.LOCAL);
    }

    /** Those of the documents that there are, one after the other. */
    void find(String topic, Collection<String> ids, Bson fields, Consumer<RawBsonDocument> reader) {
        List<BsonString> all = ids.stream().map(BsonString::new).toList();
        for (int from = 0; from < all.size(); from += ASKED) {
            BsonArray some = new BsonArray(all.subList(from, Math.min(all.size(), from + ASKED)));
            store.ask(() -> {
                try (MongoCursor<RawBsonDocument> found = collection(topic)
                        .find(new BsonDocument("_id", new BsonDocument("$in", some))).projection(fields).cursor()) {
                    found.forEachRemaining(reader);
                }
                return null;
            });
        }
    }

    /** What the sink has set aside of a topic. */
    DeadLetters deadLetters(String topic) {
        try (TopicLog letters = new TopicLog(progress.kafka())) {
            return new DeadLetters(letters, topic);
        }
    }

    /**
     * Writes what is missing, where that is asked for.
     *
     * @param records of one topic, in their order, as the sink transforms them
     * @return what came of each
     */
    List<Difference.Repair> repair(List<SinkRecord> records) {
        if (!repair || records.isEmpty()) {
            return records.stream().map(record -> Difference.Repair.NONE).toList();
        }
        Map<SinkRecord, Throwable> refused = new IdentityHashMap<>();
        store.ask(() -> {
            sink.write(records, refused::put);
            return null;
        });
        return records.stream().map(record -> refused.containsKey(record)
                ? new Difference.Repair(false, String.valueOf(refused.get(record).getMessage()))
                : Difference.Repair.DONE).toList();
    }
}
