package org.charla.connect.sink;

import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;

/** The fields that a document must have, with their types: the contract's "MongoDB". */
record DocumentForm(Map<String, BsonType> fields) {

    /** @throws DataException naming the first field that is missing or of another type */
    void require(BsonDocument document) {
        fields.forEach((field, type) -> {
            BsonValue value = document.get(field);
            if (value == null || value.getBsonType() != type) {
                throw new DataException(
                        field + " is " + (value == null ? "missing" : value.getBsonType()) + ", not " + type);
            }
        });
    }
}
