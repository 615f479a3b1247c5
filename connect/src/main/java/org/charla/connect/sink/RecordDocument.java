package org.charla.connect.sink;

import java.util.Collections;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.charla.protocol.MalformedJsonException;

/** Makes a document of the contract out of a record as Kafka has it: its key a string, its value JSON as bytes. */
abstract class RecordDocument implements Transformation<SinkRecord>, Versioned {

    /**
     * The record with its document, or null for one that is to be skipped without a word.
     *
     * @throws DataException if the worker is to set the record aside
     */
    @Override
    public final SinkRecord apply(SinkRecord record) {
        try {
            return transform(record);
        } catch (MalformedJsonException e) {
            throw new DataException(e.getMessage(), e);
        }
    }

    abstract SinkRecord transform(SinkRecord record) throws MalformedJsonException;

    static String key(SinkRecord record) {
        if (record.key() instanceof String key) {
            return key;
        }
        throw new DataException("the record has no key");
    }

    static byte[] value(SinkRecord record) {
        if (record.value() instanceof byte[] value) {
            return value;
        }
        throw new DataException("the record has no value, or it is not given as bytes");
    }

    /** One that replaces the document of its key. A tombstone stays one. */
    static SinkRecord replacing(SinkRecord record, Map<String, Object> document) {
        return record.newRecord(record.topic(), record.kafkaPartition(), null,
                Collections.singletonMap("_id", record.key()), null, document, record.timestamp());
    }

    /** The plugin's own. */
    @Override
    public final String version() {
        return RecordDocument.class.getPackage().getImplementationVersion();
    }

    @Override
    public final ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public final void configure(Map<String, ?> settings) {
    }

    @Override
    public final void close() {
    }
}
