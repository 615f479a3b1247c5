package org.charla.connect.sink;

import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.ReplaceOneDefaultStrategy;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.charla.protocol.EventRules;

/** Replaces a user's profile by the one that comes later in its topic; refuses what is no profile of the contract's. */
public final class NewestWins extends ReplaceOneDefaultStrategy {

    private static final Map<String, BsonType> PROFILE = Map.of("_id", BsonType.STRING,
            "userId", BsonType.STRING, "displayName", BsonType.STRING, "updatedAt", BsonType.DATE_TIME);

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        document.getValueDoc().ifPresent(NewestWins::requireProfile);
        return super.createWriteModel(document);
    }

    private static void requireProfile(BsonDocument document) {
        PROFILE.forEach((field, type) -> {
            BsonValue value = document.get(field);
            if (value == null || value.getBsonType() != type) {
                throw new DataException(
                        field + " is " + (value == null ? "missing" : value.getBsonType()) + ", not " + type);
            }
        });
        if (!EventRules.isDate(document.getDateTime("updatedAt").getValue())) {
            throw new DataException("updatedAt is not of the years 1 to 9999");
        }
    }
}
