package org.charla.connect.sink;

import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.ReplaceOneDefaultStrategy;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonType;

/** Replaces a user's profile by the one that comes later in its topic. */
public final class NewestWins extends ReplaceOneDefaultStrategy {

    private static final DocumentForm PROFILE = new DocumentForm(Map.of("_id", BsonType.STRING,
            "userId", BsonType.STRING, "displayName", BsonType.STRING, "updatedAt", BsonType.DATE_TIME));

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        document.getValueDoc().ifPresent(PROFILE::require);
        return super.createWriteModel(document);
    }
}
