package org.charla.connect.sink;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * Puts a document in the place of an older one, by {@code updatedAt}, or where there is none; one that is as new or newer
 * stays. The sink itself needs no such thing, since it writes in order.
 */
public final class NewestWins implements CollectionStrategy {

    private static final String UPDATED_AT = "updatedAt";

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document, long base) {
        BsonDocument value = document.getValueDoc()
                .orElseThrow(() -> new DataException("the record has no value"));
        return new ReplaceOneModel<>(Filters.and(Filters.eq("_id", value.get("_id")),
                Filters.lt(UPDATED_AT, value.get(UPDATED_AT))), value, new ReplaceOptions().upsert(true));
    }

    @Override
    public Optional<Bson> index() {
        return Optional.empty();
    }

    /** One that is not older is found by its {@code _id} being taken. */
    @Override
    public boolean keepsFirst() {
        return true;
    }
}
