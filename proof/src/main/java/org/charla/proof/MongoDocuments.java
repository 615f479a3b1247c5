package org.charla.proof;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.BsonDocument;

/** The documents of a database, as a majority has them. */
final class MongoDocuments implements Documents {

    private final MongoDatabase database;

    MongoDocuments(MongoDatabase database) {
        this.database = database.withReadConcern(ReadConcern.MAJORITY);
    }

    @Override
    public Set<String> collections() {
        return database.listCollectionNames().into(new HashSet<>());
    }

    @Override
    public void read(String collection, Consumer<BsonDocument> reader) {
        database.getCollection(collection, BsonDocument.class).find().forEach(reader);
    }

    @Override
    public List<BsonDocument> indexes(String collection) {
        return database.getCollection(collection).listIndexes(BsonDocument.class).into(new ArrayList<>());
    }
}
