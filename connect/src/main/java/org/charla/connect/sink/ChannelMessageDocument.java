package org.charla.connect.sink;

import java.util.Date;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Wire;

/**
 * Makes the document of the contract out of a channel's record, its key a string and its value bytes: {@code _id} and
 * {@code offset} from the record, epoch milliseconds as dates, and no field that the contract does not name. What is no
 * channel message it refuses, for the worker to set aside. Of what the connector can convert, a struct costs it least.
 */
public final class ChannelMessageDocument implements Transformation<SinkRecord> {

    private static final Schema AUTHOR = SchemaBuilder.struct()
            .field("userId", Schema.STRING_SCHEMA)
            .field("displayName", Schema.STRING_SCHEMA)
            .build();
    private static final Schema MESSAGE = SchemaBuilder.struct()
            .field("_id", Schema.STRING_SCHEMA)
            .field("messageId", Schema.STRING_SCHEMA)
            .field("channel", Schema.STRING_SCHEMA)
            .field("author", AUTHOR)
            .field("text", Schema.STRING_SCHEMA)
            .field("sentAt", Timestamp.SCHEMA)
            .field("acceptedAt", Timestamp.SCHEMA)
            .field("offset", Schema.INT64_SCHEMA)
            .build();

    @Override
    public SinkRecord apply(SinkRecord record) {
        if (!(record.key() instanceof String key)) {
            throw new DataException("the record has no key");
        }
        if (!(record.value() instanceof byte[] value)) {
            throw new DataException("the record has no value");
        }
        ChannelMessage message;
        try {
            message = Wire.readChannelMessage(value);
        } catch (MalformedJsonException e) {
            throw new DataException(e.getMessage(), e);
        }
        Struct document = new Struct(MESSAGE)
                .put("_id", key)
                .put("messageId", message.messageId())
                .put("channel", message.channel())
                .put("author", new Struct(AUTHOR)
                        .put("userId", message.author().userId())
                        .put("displayName", message.author().displayName()))
                .put("text", message.text())
                .put("sentAt", new Date(message.sentAt()))
                .put("acceptedAt", new Date(message.acceptedAt()))
                .put("offset", record.originalKafkaOffset());
        return record.newRecord(record.topic(), record.kafkaPartition(), record.keySchema(), key, MESSAGE, document,
                record.timestamp());
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }

    @Override
    public void close() {
    }
}
