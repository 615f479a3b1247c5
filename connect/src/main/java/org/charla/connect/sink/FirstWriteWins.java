package org.charla.connect.sink;

import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.WriteModelStrategy;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonType;

/**
 * Writes a channel message where there is none of its {@code _id}, and changes nothing where there is one: delivered
 * again, a record has no effect. A task with this strategy also indexes its collections on {@code offset}.
 */
public final class FirstWriteWins implements WriteModelStrategy {

    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
    private static final DocumentForm MESSAGE = new DocumentForm(Map.of("_id", BsonType.STRING,
            "messageId", BsonType.STRING, "channel", BsonType.STRING, "author", BsonType.DOCUMENT,
            "text", BsonType.STRING, "sentAt", BsonType.DATE_TIME, "acceptedAt", BsonType.DATE_TIME,
            "offset", BsonType.INT64));
    private static final DocumentForm AUTHOR =
            new DocumentForm(Map.of("userId", BsonType.STRING, "displayName", BsonType.STRING));

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        BsonDocument message = document.getValueDoc().orElseThrow(() -> new DataException("the record has no value"));
        MESSAGE.require(message);
        AUTHOR.require(message.getDocument("author"));
        BsonDocument id = new BsonDocument("_id", message.remove("_id"));
        return new UpdateOneModel<>(id, new BsonDocument("$setOnInsert", message), UPSERT);
    }
}
