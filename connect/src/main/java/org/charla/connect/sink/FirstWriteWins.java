package org.charla.connect.sink;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * Writes the document of a {@link ChannelMessageDocument} where there is none of its {@code _id}, and changes nothing
 * where there is one: delivered again, a record has no effect. It inserts, and has a refusal of the {@code _id} taken
 * for success: an upsert with {@code $setOnInsert} says the same in one step, but costs a mongod three times as much.
 * The connector's settings of a document's id do not concern it.
 */
public final class FirstWriteWins implements CollectionStrategy {

    @Override
    public WriteModel<BsonDocument> createWriteModel(SinkDocument document, long base) {
        return new InsertOneModel<>(ChannelMessageDocument.decode(
                document.getValueDoc().orElseThrow(() -> new DataException("the record has no value")), base));
    }

    /** A channel is read by it. */
    @Override
    public Optional<Bson> index() {
        return Optional.of(Indexes.ascending("offset"));
    }

    @Override
    public boolean keepsFirst() {
        return true;
    }
}
