package org.charla.proof;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.BsonDocument;

/** MongoDB as the oracle reads it. */
interface Documents {

    Set<String> collections();

    void read(String collection, Consumer<BsonDocument> reader);

    /** As {@code listIndexes} tells them. */
    List<BsonDocument> indexes(String collection);
}
