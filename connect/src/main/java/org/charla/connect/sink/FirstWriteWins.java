package org.charla.connect.sink;

import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.WriteModelStrategy;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Writes a document where there is none of its {@code _id}, and changes nothing where there is one: delivered again, a
 * record has no effect.
 */
public final class FirstWriteWins implements WriteModelStrategy {

    private static final String ID = "_id";
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        BsonDocument value = document.getValueDoc()
                .orElseThrow(() -> new DataException("the record has no value"));
        BsonValue id = value.remove(ID);
        if (id == null || id.isNull()) {
            throw new DataException("the record has no key");
        }
        return new UpdateOneModel<>(new BsonDocument(ID, id), new BsonDocument("$setOnInsert", value), UPSERT);
    }
}
