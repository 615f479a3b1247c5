package org.charla.connect.sink;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteError;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.bulk.WriteConcernError;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.conversions.Bson;

/** A collection in memory, of which the driver's interface does what the sink uses, with errors at will; what is read, it finds nothing of. */
final class MemoryCollection {

    static final int DUPLICATE_KEY = 11000;

    final Map<String, BsonDocument> documents = new LinkedHashMap<>();
    /** The {@code _id}s of each bulk write, also where it failed. */
    final List<List<String>> bulkWrites = new ArrayList<>();
    /** The {@code _id}s that were written, in order. */
    final List<String> written = new ArrayList<>();
    final List<Bson> indexes = new ArrayList<>();
    /** What a bulk write of these {@code _id}s ends with before it begins, or null. */
    Function<List<String>, RuntimeException> thrown = ids -> null;
    /** What is wrong with the write of an {@code _id}, or null. */
    Function<String, WriteError> refused = id -> null;
    WriteConcernError writeConcernError;
    Set<String> labels = Set.of();
    RuntimeException indexError;

    @SuppressWarnings("unchecked")
    MongoCollection<BsonDocument> collection() {
        return (MongoCollection<BsonDocument>) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {MongoCollection.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "bulkWrite" -> bulkWrite((List<WriteModel<BsonDocument>>) arguments[0],
                            ((BulkWriteOptions) arguments[1]).isOrdered());
                    case "withReadPreference", "withReadConcern" -> proxy;
                    case "find" -> nothingFound();
                    case "createIndex" -> createIndex((Bson) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private static Object nothingFound() {
        return Proxy.newProxyInstance(MemoryCollection.class.getClassLoader(), new Class<?>[] {FindIterable.class},
                (proxy, method, arguments) -> method.getName().equals("projection") ? proxy : null);
    }

    private String createIndex(Bson keys) {
        indexes.add(keys);
        if (indexError != null) {
            throw indexError;
        }
        return "index";
    }

    private BulkWriteResult bulkWrite(List<WriteModel<BsonDocument>> models, boolean ordered) {
        List<String> ids = models.stream().map(MemoryCollection::id).toList();
        bulkWrites.add(ids);
        RuntimeException error = thrown.apply(ids);
        if (error != null) {
            throw error;
        }
        List<BulkWriteError> errors = new ArrayList<>();
        for (int i = 0; i < models.size() && (errors.isEmpty() || !ordered); i++) {
            WriteError refusal = write(ids.get(i), models.get(i));
            if (refusal != null) {
                errors.add(new BulkWriteError(refusal.getCode(), refusal.getMessage(), refusal.getDetails(), i));
            }
        }
        if (!errors.isEmpty() || writeConcernError != null) {
            throw new MongoBulkWriteException(BulkWriteResult.unacknowledged(), errors, writeConcernError,
                    new ServerAddress(), labels);
        }
        return BulkWriteResult.unacknowledged();
    }

    private WriteError write(String id, WriteModel<BsonDocument> model) {
        WriteError refusal = refused.apply(id);
        if (refusal != null) {
            return refusal;
        }
        if (model instanceof InsertOneModel<BsonDocument> insert) {
            if (documents.putIfAbsent(id, insert.getDocument()) != null) {
                return idTaken();
            }
        } else if (model instanceof ReplaceOneModel<BsonDocument> replace) {
            documents.put(id, replace.getReplacement());
        } else if (model instanceof DeleteOneModel) {
            documents.remove(id);
        }
        written.add(id);
        return null;
    }

    private static String id(WriteModel<BsonDocument> model) {
        if (model instanceof InsertOneModel<BsonDocument> insert) {
            return insert.getDocument().getString("_id").getValue();
        }
        Bson filter = model instanceof ReplaceOneModel<BsonDocument> replace ? replace.getFilter()
                : model instanceof UpdateOneModel<BsonDocument> update ? update.getFilter()
                : ((DeleteOneModel<BsonDocument>) model).getFilter();
        return filter.toBsonDocument().getString("_id").getValue();
    }

    static WriteError idTaken() {
        return duplicate("_id_", "{ _id: \"x\" }");
    }

    static WriteError duplicate(String index, String key) {
        return error(DUPLICATE_KEY, "E11000 duplicate key error collection: c index: " + index + " dup key: " + key);
    }

    static WriteError error(int code, String message) {
        return new WriteError(code, message, new BsonDocument());
    }

    /** What MongoDB answers when it refuses a whole command. */
    static BsonDocument answer(int code, String message) {
        return BsonDocument.parse("{ok: 0}").append("code", new BsonInt32(code))
                .append("errmsg", new BsonString(message));
    }
}
