package org.charla.connect.sink;

import com.mongodb.MongoNamespace;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * Changes of messages, written with one update a message however many there are of it: what the documents hold is read,
 * {@link MessageState} says what becomes of that, and the update finds the document only if nobody changed it meanwhile.
 */
final class MessageChanges implements Batch {

    private static final Bson NOTHING = new BsonDocument("$set", new BsonDocument("offset", new BsonInt64(0)));

    private final MongoNamespace namespace;
    private final long base;
    private final List<SinkRecord> records = new ArrayList<>();
    /** By the {@code _id} of the message, in their order. */
    private final Map<String, List<SinkRecord>> byTarget = new LinkedHashMap<>();
    private int updates;

    /** @param base where the positions of the topic begin */
    MessageChanges(MongoNamespace namespace, long base) {
        this.namespace = namespace;
        this.base = base;
    }

    void add(SinkRecord record, MessageChange change) {
        records.add(record);
        byTarget.computeIfAbsent(change.target(), target -> new ArrayList<>()).add(record);
    }

    @Override
    public MongoNamespace namespace() {
        return namespace;
    }

    @Override
    public List<SinkRecord> records() {
        return records;
    }

    /** A message stands before its changes. */
    @Override
    public boolean isBehindOthers() {
        return true;
    }

    /** No two of its models are of the same message. */
    @Override
    public boolean isOrdered() {
        return false;
    }

    /**
     * One for each message that is changed, also where there is nothing to be done: what was read is no more lasting
     * than a write that nobody has acknowledged, but a write that finds nothing is acknowledged only together with all
     * that came before it.
     */
    @Override
    public List<UpdateOneModel<BsonDocument>> models(MongoCollection<BsonDocument> collection) {
        Map<BsonValue, UpdateOneModel<BsonDocument>> found = new HashMap<>();
        collection.withReadPreference(ReadPreference.primary()).withReadConcern(ReadConcern.LOCAL)
                .find(Filters.in("_id", byTarget.keySet())).projection(MessageState.FIELDS).forEach(document -> {
                    MessageState state = new MessageState(document);
                    byTarget.get(document.getString("_id").getValue())
                            .forEach(record -> state.apply(((MessageChange) record.value()).behind(base)));
                    state.update().ifPresent(update -> found.put(document.get("_id"), update));
                });
        updates = found.size();
        return byTarget.keySet().stream().map(BsonString::new)
                .map(id -> found.getOrDefault(id, new UpdateOneModel<>(nowhere(id), NOTHING))).toList();
    }

    private static Bson nowhere(BsonValue id) {
        return new BsonDocument("_id", id).append("offset", new BsonDocument("$lt", new BsonInt64(Long.MIN_VALUE)));
    }

    @Override
    public List<SinkRecord> records(int model) {
        return List.copyOf(byTarget.values()).get(model);
    }

    @Override
    public boolean isDone(BulkWriteResult result) {
        return !result.wasAcknowledged() || result.getMatchedCount() == updates;
    }
}
