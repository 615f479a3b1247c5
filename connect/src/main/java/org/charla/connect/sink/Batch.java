package org.charla.connect.sink;

import com.mongodb.MongoNamespace;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.WriteModel;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;

/** Records that go to MongoDB in one bulk write. Not thread-safe. */
interface Batch {

    MongoNamespace namespace();

    /** All of them. */
    List<SinkRecord> records();

    /** Whether it may be written only when all that comes before it is. */
    boolean isBehindOthers();

    /** Whether MongoDB leaves what stands behind a refused model undone. */
    boolean isOrdered();

    /**
     * What is to be written.
     *
     * @param collection of the namespace, which may be read
     * @throws com.mongodb.MongoException if it can't be
     */
    List<? extends WriteModel<BsonDocument>> models(MongoCollection<BsonDocument> collection);

    /** What one of the models that were asked for last was made of. */
    List<SinkRecord> records(int model);

    /** Whether MongoDB has done what the models ask for; otherwise some found that another writer was quicker. */
    boolean isDone(BulkWriteResult result);
}
