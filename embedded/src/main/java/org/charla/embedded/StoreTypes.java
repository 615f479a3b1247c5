package org.charla.embedded;

import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * How the store lays documents and keys on disk: as BSON, and in BSON's order. H2's default is Java serialization, which
 * it also compares keys by; that is a hundred times slower.
 */
final class StoreTypes {

    /** What an object costs in memory beside its text; an estimate, for the bound of the page cache. */
    private static final int OBJECT_BYTES = 48;

    private StoreTypes() {
    }

    /** Documents, by value only. */
    static final class Documents extends BasicDataType<Document> {

        @Override
        public int getMemory(Document document) {
            return memory(document);
        }

        @Override
        public void write(WriteBuffer buffer, Document document) {
            writeBson(buffer, document);
        }

        @Override
        public Document read(ByteBuffer buffer) {
            return readBson(buffer);
        }

        @Override
        public Document[] createStorage(int size) {
            return new Document[size];
        }
    }

    /** Keys of indexes: the values of the fields, one after the other. */
    static final class Keys extends BasicDataType<KeyValue> {

        @Override
        public int compare(KeyValue a, KeyValue b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                int order = ValueComparator.ascWithoutListHandling().compare(a.get(i), b.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.size(), b.size());
        }

        @Override
        public int getMemory(KeyValue key) {
            int bytes = OBJECT_BYTES;
            for (Object value : key) {
                bytes += memory(value);
            }
            return bytes;
        }

        @Override
        public void write(WriteBuffer buffer, KeyValue key) {
            Document values = new Document("n", key.size());
            for (int i = 0; i < key.size(); i++) {
                if (!(key.get(i) instanceof Missing)) {
                    values.put(Integer.toString(i), key.get(i));
                }
            }
            writeBson(buffer, values);
        }

        @Override
        public KeyValue read(ByteBuffer buffer) {
            Document values = readBson(buffer);
            Object[] key = new Object[(int) values.get("n")];
            for (int i = 0; i < key.length; i++) {
                key[i] = values.getOrDefault(Integer.toString(i), Missing.getInstance());
            }
            return new KeyValue(key);
        }

        @Override
        public KeyValue[] createStorage(int size) {
            return new KeyValue[size];
        }
    }

    /** What a value takes in memory, about, in bytes. */
    static int memory(Object value) {
        if (value instanceof String text) {
            return OBJECT_BYTES + text.length();
        }
        if (value instanceof Map<?, ?> document) {
            int bytes = 2 * OBJECT_BYTES;
            for (Map.Entry<?, ?> field : document.entrySet()) {
                bytes += OBJECT_BYTES + memory(field.getValue());
            }
            return bytes;
        }
        if (value instanceof Iterable<?> values) {
            int bytes = OBJECT_BYTES;
            for (Object element : values) {
                bytes += memory(element);
            }
            return bytes;
        }
        return OBJECT_BYTES;
    }

    private static void writeBson(WriteBuffer buffer, Document document) {
        ByteBuf bson = Unpooled.buffer(256);
        BsonEncoder.encodeDocument(document, bson);
        buffer.put(bson.array(), 0, bson.readableBytes());
    }

    private static Document readBson(ByteBuffer buffer) {
        ByteBuf bson = Unpooled.wrappedBuffer(buffer);
        Document document = BsonDecoder.decodeBson(bson);
        buffer.position(buffer.position() + bson.readerIndex());
        return document;
    }
}
