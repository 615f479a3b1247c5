package org.charla.connect.sink;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoNamespace;
import com.mongodb.MongoWriteException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.charla.protocol.Positions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the positions of each topic begin, noted in MongoDB before the first document of the topic is written there
 * ({@link Positions}); and from where a topic has to be read once more, since a consumer may have begun behind what
 * MongoDB has of it: Kafka may have kept how far the sink was in a former topic of the name. Of topics whose documents don't
 * keep the first write it knows nothing. Not safe for use by several threads.
 */
final class TopicPlaces {

    private static final Logger log = LoggerFactory.getLogger(TopicPlaces.class);

    private static final SinkDocument NO_DOCUMENT = new SinkDocument(null, null);
    private static final BsonInt32 ASCENDING = new BsonInt32(1);
    private static final BsonInt32 DESCENDING = new BsonInt32(-1);
    private static final String OFFSET = "offset";
    private static final String TOPICS = "topics";
    private static final String ID = "id";
    private static final String BASE = "base";

    private final MongoSinkConfig config;
    private final RecordWriter.CollectionSource collections;
    private final MongoClient client;
    private final Map<TopicPartition, TopicId> begun = new HashMap<>();
    private final Map<TopicPartition, Long> bases = new HashMap<>();

    /**
     * What is to be done with records.
     *
     * @param base where the positions of their topic begin
     * @param again the offset from which on their partition is to be read instead; empty where they can be written
     */
    record Place(long base, OptionalLong again) {

        private static Place at(long base) {
            return new Place(base, OptionalLong.empty());
        }

        private static Place readFrom(long offset) {
            return new Place(0, OptionalLong.of(offset));
        }
    }

    /** @param client stays the caller's to close */
    TopicPlaces(MongoSinkConfig config, RecordWriter.CollectionSource collections, MongoClient client) {
        this.config = config;
        this.collections = collections;
        this.client = client;
    }

    /**
     * Where records belong.
     *
     * @param records of one partition that say the same of their topic, in order; at least one
     * @throws OutageException if MongoDB is away
     * @throws org.apache.kafka.connect.errors.ConnectException if a person is needed
     */
    Place of(List<SinkRecord> records) {
        SinkRecord first = records.get(0);
        TopicPartition partition = PendingRecords.origin(first);
        Optional<TopicId> told = TopicId.of(first);
        if (told.isPresent() && told.get().equals(begun.get(partition)) && bases.containsKey(partition)) {
            return Place.at(bases.get(partition));
        }
        MongoSinkTopicConfig topic = config.getMongoSinkTopicConfig(first.topic());
        if (!CollectionStrategy.keepsFirst(topic)) {
            return Place.at(0);
        }
        if (told.equals(Optional.of(TopicId.UNKNOWN))) {
            return Place.readFrom(first.originalKafkaOffset());
        }
        try {
            Channel channel = new Channel(topic, first);
            return told.isEmpty() ? Place.at(channel.lastBase()) : place(channel, partition, told.get(), records);
        } catch (OutageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw RecordWriter.failure(e);
        }
    }

    private Place place(Channel channel, TopicPartition partition, TopicId id, List<SinkRecord> records) {
        TopicId before = begun.get(partition);
        if (before != null && !before.equals(id)) {
            log.info("{} is another topic than before, and is read from its beginning", partition.topic());
            // These may still be of the former one.
            return again(partition, id, 0);
        }
        List<BsonDocument> noted = channel.noted();
        if (before == null && !channel.isFirst(id, noted)) {
            long written = channel.newest(channel.base(id, noted, records));
            if (records.get(0).originalKafkaOffset() > written + 1) {
                return again(partition, id, written + 1);
            }
        }
        bases.put(partition, channel.note(id, noted, records));
        begun.put(partition, id);
        return Place.at(bases.get(partition));
    }

    private Place again(TopicPartition partition, TopicId id, long offset) {
        begun.put(partition, id);
        bases.remove(partition);
        return Place.readFrom(offset);
    }

    /** The partitions are another task's. */
    void forget(Collection<TopicPartition> partitions) {
        begun.keySet().removeAll(partitions);
        bases.keySet().removeAll(partitions);
    }

    /** What MongoDB holds of a channel. */
    private final class Channel {

        private final BsonString name;
        private final MongoCollection<BsonDocument> notes;
        private final MongoCollection<BsonDocument> documents;

        Channel(MongoSinkTopicConfig topic, SinkRecord record) {
            MongoNamespace namespace = topic.getNamespaceMapper().getNamespace(record, NO_DOCUMENT);
            name = new BsonString(record.topic());
            notes = client.getDatabase(namespace.getDatabaseName()).getCollection(Positions.NOTES, BsonDocument.class)
                    .withReadPreference(ReadPreference.primary()).withReadConcern(ReadConcern.MAJORITY);
            documents = collections.get(namespace, topic).withReadPreference(ReadPreference.primary());
        }

        /** The topics that were met, one after the other. */
        List<BsonDocument> noted() {
            BsonDocument found = notes.find(new BsonDocument("_id", name)).first();
            return found == null ? List.of()
                    : found.getArray(TOPICS).stream().map(BsonValue::asDocument).toList();
        }

        /** Where the topic that was met last begins. */
        long lastBase() {
            List<BsonDocument> noted = noted();
            return noted.isEmpty() ? 0 : base(noted);
        }

        /** Whether the topic is noted, and there was none before it. */
        boolean isFirst(TopicId id, List<BsonDocument> noted) {
            return !noted.isEmpty() && new BsonString(id.id()).equals(noted.get(0).get(ID));
        }

        /** Where the topic begins, noted or to be noted. */
        long base(TopicId id, List<BsonDocument> noted, List<SinkRecord> records) {
            return find(id, noted).orElseGet(() -> base(next(noted, id, records)));
        }

        private OptionalLong find(TopicId id, List<BsonDocument> noted) {
            return noted.stream().filter(topic -> new BsonString(id.id()).equals(topic.get(ID)))
                    .mapToLong(topic -> topic.getNumber(BASE).longValue()).findFirst();
        }

        /** Notes the topic, if it is not noted, and says where it begins. */
        long note(TopicId id, List<BsonDocument> found, List<SinkRecord> records) {
            List<BsonDocument> noted = found;
            for (int race = 0; race < RecordWriter.RACES; race++) {
                OptionalLong base = find(id, noted);
                if (base.isPresent()) {
                    return base.getAsLong();
                }
                List<BsonDocument> next = next(noted, id, records);
                if (add(noted.size(), next)) {
                    log.info("positions of {} begin at {} with topic {}", name.getValue(), base(next), id.id());
                    return base(next);
                }
                noted = noted();
            }
            throw new OutageException("other tasks note topics of " + name.getValue() + " again and again", null);
        }

        private long base(List<BsonDocument> topics) {
            return topics.get(topics.size() - 1).getNumber(BASE).longValue();
        }

        /** What comes behind those that are noted: as a rule the topic alone. */
        private List<BsonDocument> next(List<BsonDocument> noted, TopicId id, List<SinkRecord> records) {
            boolean hasFormer = noted.isEmpty() && hasDocumentsOfAnother(records);
            return hasFormer ? List.of(new BsonDocument(BASE, new BsonInt64(0)), entry(id, 1))
                    : List.of(entry(id, noted.size()));
        }

        private BsonDocument entry(TopicId id, int former) {
            return new BsonDocument(ID, new BsonString(id.id())).append(BASE, new BsonInt64(Positions.base(former)))
                    .append("cluster", new BsonString(id.cluster()));
        }

        /** Whether nobody else has noted one meanwhile. */
        private boolean add(int noted, List<BsonDocument> next) {
            if (noted > 0) {
                return notes.updateOne(
                        new BsonDocument("_id", name).append(TOPICS, new BsonDocument("$size", new BsonInt32(noted))),
                        new BsonDocument("$push", new BsonDocument(TOPICS, next.get(0)))).getMatchedCount() == 1;
            }
            try {
                notes.insertOne(new BsonDocument("_id", name).append(TOPICS, new BsonArray(next)));
                return true;
            } catch (MongoWriteException e) {
                if (ErrorCategory.fromErrorCode(e.getCode()) != ErrorCategory.DUPLICATE_KEY) {
                    throw e;
                }
                return false;
            }
        }

        /** The offset of the last document of the topic that begins here; -1 where there is none. */
        long newest(long base) {
            BsonDocument last = documents.find(new BsonDocument(OFFSET, new BsonDocument("$gte", new BsonInt64(base))
                            .append("$lt", new BsonInt64(base + Positions.STEP))))
                    .sort(new BsonDocument(OFFSET, DESCENDING)).projection(new BsonDocument(OFFSET, ASCENDING)).first();
            return last == null ? -1 : last.getNumber(OFFSET).longValue() - base;
        }

        /**
         * Whether a version that noted no topics has left documents of another one: at the offsets of these records there are
         * others, or there are none of them, but some behind.
         */
        private boolean hasDocumentsOfAnother(List<SinkRecord> records) {
            Map<Long, BsonValue> ids = new HashMap<>();
            records.stream().filter(record -> !(record.value() instanceof MessageChange)).forEach(record ->
                    ids.put(record.originalKafkaOffset(), new BsonString(String.valueOf(record.key()))));
            long last = records.get(records.size() - 1).originalKafkaOffset();
            boolean hasOwn = false;
            for (BsonDocument document : documents.find(new BsonDocument(OFFSET,
                            new BsonDocument("$gte", new BsonInt64(records.get(0).originalKafkaOffset()))
                                    .append("$lte", new BsonInt64(last))))
                    .projection(new BsonDocument(OFFSET, ASCENDING))) {
                if (!document.get("_id").equals(ids.get(document.getNumber(OFFSET).longValue()))) {
                    return true;
                }
                hasOwn = true;
            }
            return !hasOwn && documents.find(new BsonDocument(OFFSET, new BsonDocument("$gt", new BsonInt64(last))))
                    .projection(new BsonDocument(OFFSET, ASCENDING)).first() != null;
        }
    }
}
