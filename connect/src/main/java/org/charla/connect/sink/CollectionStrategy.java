package org.charla.connect.sink;

import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.writemodel.strategy.WriteModelStrategy;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * A strategy that needs more than that its write models are written. One that is none of these, as the connector has
 * them, needs no index, and means to replace: to it a refused {@code _id} is another writer who was quicker, and whose
 * document it finds when it is tried again.
 */
interface CollectionStrategy extends WriteModelStrategy {

    /**
     * The write model of a document of a topic.
     *
     * @param base where the positions of that topic begin
     * @throws org.apache.kafka.connect.errors.DataException if there is none
     */
    WriteModel<BsonDocument> createWriteModel(SinkDocument document, long base);

    @Override
    default WriteModel<BsonDocument> createWriteModel(SinkDocument document) {
        return createWriteModel(document, 0);
    }

    /** The keys of an index that a collection has before its first document of this strategy, if it needs one. */
    Optional<Bson> index();

    /** Whether a record is as good as written when there is a document of its {@code _id}, whoever put it in. */
    boolean keepsFirst();

    /** The same of whatever strategy a topic's settings name. */
    static boolean keepsFirst(MongoSinkTopicConfig topic) {
        return topic.getWriteModelStrategy() instanceof CollectionStrategy strategy && strategy.keepsFirst();
    }
}
