package org.charla.connect.sink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Wire;

/**
 * Makes the document of the contract out of a channel's record, its key a string and its value bytes: {@code _id} and
 * {@code offset} from the record, epoch milliseconds as dates, and no field that the contract does not name. What is no
 * record of a channel, or not {@link ReadableValue}, it refuses, for the worker to set aside; rules, which have no
 * documents, and what is of a type that this version does not know it skips. An edit, a deletion or a reaction leaves it as
 * a {@link MessageChange}, which {@link RecordWriter} brings to the document of its message.
 *
 * <p>The document leaves it as the bytes that go to MongoDB, in the only field of a struct, from which
 * {@link FirstWriteWins} takes it. Any other form the connector would convert once more, field by field, and the driver
 * encode: that costs a worker more than all the rest.
 */
public final class ChannelMessageDocument extends RecordDocument {

    private static final String BSON = "bson";
    private static final Schema ENCODED = SchemaBuilder.struct().field(BSON, Schema.BYTES_SCHEMA).build();
    /** By how many bytes a document is longer than its message in JSON and its key, or a little less. */
    private static final int MORE = 64;

    @Override
    SinkRecord transform(SinkRecord record) throws MalformedJsonException {
        byte[] value = value(record);
        Optional<ChannelRecord> known = Wire.readChannelRecord(value);
        if (known.isEmpty() || known.get() instanceof ChannelRecord.Rule) {
            return null;
        }
        String key = key(record);
        if (!key.equals(known.get().id())) {
            throw new DataException("the key is not that of the event: <userId>:<messageId>");
        }
        if (known.get() instanceof ChannelMessage message) {
            byte[] document = encode(key, message, record.originalKafkaOffset(), value.length);
            return with(record, ENCODED, new Struct(ENCODED).put(BSON, document));
        }
        return with(record, null, MessageChange.of(known.get(), record.originalKafkaOffset()));
    }

    private static SinkRecord with(SinkRecord record, Schema schema, Object value) {
        return record.newRecord(record.topic(), record.kafkaPartition(), record.keySchema(), record.key(), schema, value,
                record.timestamp());
    }

    private static byte[] encode(String id, ChannelMessage message, long offset, int length) {
        try (BasicOutputBuffer bytes = new BasicOutputBuffer(id.length() + length + MORE);
                BsonBinaryWriter document = new BsonBinaryWriter(bytes)) {
            document.writeStartDocument();
            document.writeString("_id", id);
            document.writeString("messageId", ReadableValue.text("messageId", message.messageId()));
            document.writeString("channel", ReadableValue.text("channel", message.channel()));
            document.writeStartDocument("author");
            document.writeString("userId", ReadableValue.text("userId", message.author().userId()));
            document.writeString("displayName", ReadableValue.text("displayName", message.author().displayName()));
            if (message.author().verified()) {
                document.writeBoolean("verified", true);
            }
            document.writeEndDocument();
            document.writeString("text", ReadableValue.text("text", message.text()));
            if (message.replyTo().isPresent()) {
                document.writeString("replyTo", ReadableValue.text("replyTo", message.replyTo().get()));
            }
            document.writeDateTime("sentAt", ReadableValue.date("sentAt", message.sentAt()));
            document.writeDateTime("acceptedAt", ReadableValue.date("acceptedAt", message.acceptedAt()));
            document.writeInt64("offset", offset);
            document.writeEndDocument();
            return bytes.toByteArray();
        }
    }

    /** Whether a record comes from this transformation, and has a document of its own. */
    static boolean isEncoded(SinkRecord record) {
        return record.value() instanceof Struct struct && struct.schema() == ENCODED;
    }

    /** The document of such a record. */
    static RawBsonDocument decode(SinkRecord record) {
        return new RawBsonDocument(((Struct) record.value()).getBytes(BSON));
    }

    /**
     * The document, its offset so much further on.
     *
     * @throws DataException if the value does not come from this transformation
     */
    static RawBsonDocument decode(BsonDocument value, long base) {
        if (!(value.get(BSON) instanceof BsonBinary bytes)) {
            throw new DataException("the value is no document of " + ChannelMessageDocument.class.getName());
        }
        return new RawBsonDocument(base == 0 ? bytes.getData() : behind(base, bytes.getData().clone()));
    }

    /** The offset is the last of the fields, and behind it is the end of the document alone. */
    private static byte[] behind(long base, byte[] document) {
        int place = document.length - 1 - Long.BYTES;
        ByteBuffer fields = ByteBuffer.wrap(document).order(ByteOrder.LITTLE_ENDIAN);
        fields.putLong(place, base + fields.getLong(place));
        return document;
    }
}
