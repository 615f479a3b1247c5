package org.charla.connect.sink;

import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.WriteModelStrategy;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Replaces the document of the record's {@code _id} unless that is of a later {@code updatedAt}, in one step: a worker that
 * had stood still, and doesn't know yet that another one went on in its place, can't put back what was before. Where there
 * is a later one MongoDB refuses the {@code _id} as taken, which is a success ({@link RecordWriter}).
 */
public final class NewestWins implements WriteModelStrategy {

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        BsonDocument value = document.getValueDoc().orElseThrow(() -> new DataException("the record has no value"));
        BsonValue updatedAt = value.get("updatedAt");
        if (updatedAt == null) {
            throw new DataException("updatedAt is missing");
        }
        BsonDocument older = new BsonDocument("_id", value.get("_id"))
                .append("updatedAt", new BsonDocument("$not", new BsonDocument("$gt", updatedAt)));
        return new ReplaceOneModel<>(older, value, new ReplaceOptions().upsert(true));
    }
}
