package org.charla.connect.sink;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.bulk.WriteConcernError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.dlq.WriteConcernException;
import com.mongodb.kafka.connect.sink.dlq.WriteException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;

/**
 * Writes records, and sets those aside that can't be written: tries them together; where MongoDB says which of them it
 * refuses, tries the others again; where all are refused together, tries each half. Does it itself what the connector's
 * task would do, since that keeps the driver's numbers of errors to itself. Not thread-safe.
 */
final class RecordWriter {

    /** How often a record is tried whose document another writer puts in at the same time; the next time finds it. */
    static final int RACES = 10;

    private final MongoSinkConfig config;
    private final CollectionSource collections;
    private final ErrantRecordReporter reporter;
    private final Map<String, TopicModels> topics = new HashMap<>();
    private final Map<SinkRecord, Future<Void>> deadLetters = new IdentityHashMap<>();

    /** Where the collections come from. */
    interface CollectionSource {

        /** Ready to be written: see {@link SinkCollections#get}. */
        MongoCollection<BsonDocument> get(MongoNamespace namespace, MongoSinkTopicConfig topic);
    }

    /** Why a record was not written. */
    private enum Reason {

        /** It can't be. */
        ITSELF,

        /** Another writer was quicker, with a document of its {@code _id} or a change of it: the next time it finds that. */
        OUTRUN,

        /** One beside it kept it from being written, or is refused together with it. */
        PERHAPS_ANOTHER
    }

    /** @param error null where it was not even tried */
    private record Refusal(Reason reason, RuntimeException error) {
    }

    /** @param reporter sets a record aside; null if a record that can't be written is to fail the task */
    RecordWriter(MongoSinkConfig config, CollectionSource collections, ErrantRecordReporter reporter) {
        this.config = config;
        this.collections = collections;
        this.reporter = reporter;
    }

    /** Writes records of a topic whose positions are its offsets. */
    void write(List<SinkRecord> records) {
        write(records, 0);
    }

    /**
     * Returns when each record is written, or set aside and the worker sure of it.
     *
     * @param records of one topic; in their order, where the topic's settings ask for it
     * @param base where the positions of that topic begin
     * @throws OutageException if MongoDB is away: all but what it tells are to be written again
     * @throws ConnectException if something needs a person
     */
    void write(List<SinkRecord> records, long base) {
        if (records.isEmpty()) {
            return;
        }
        TopicModels topic = topics.computeIfAbsent(records.get(0).topic(),
                name -> new TopicModels(config.getMongoSinkTopicConfig(name)));
        try {
            write(topic, records, base, 0);
            awaitDeadLetters();
        } catch (OutageException e) {
            List<SinkRecord> setAside = List.copyOf(deadLetters.keySet());
            awaitDeadLetters();
            throw e.behind(setAside);
        }
    }

    /** The worker waits for them as well, but before it asks for the offsets of what was under way meanwhile. */
    private void awaitDeadLetters() {
        try {
            for (Future<Void> deadLetter : deadLetters.values()) {
                deadLetter.get();
            }
        } catch (ExecutionException e) {
            throw new ConnectException("can't set a record aside: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while records are set aside", e);
        }
        deadLetters.clear();
    }

    /** @param races that a lone record has lost already */
    private void write(TopicModels topic, List<SinkRecord> records, long base, int races) {
        Map<SinkRecord, Refusal> refusals = attempt(topic, records, base);
        List<SinkRecord> again = new ArrayList<>();
        for (SinkRecord record : records) {
            Refusal refusal = refusals.get(record);
            if (refusal == null) {
                continue;
            }
            if (refusal.reason() == Reason.ITSELF || refusal.reason() == Reason.OUTRUN && races == RACES) {
                setAside(record, refusal.error());
            } else {
                again.add(record);
            }
        }
        if (again.isEmpty()) {
            return;
        }
        if (again.size() < records.size()) {
            write(topic, again, base, 0);
        } else if (again.size() == 1) {
            write(topic, again, base, races + 1);
        } else {
            // One of them makes the driver refuse all: which, shows when they are fewer.
            int half = again.size() / 2;
            write(topic, again.subList(0, half), base, 0);
            write(topic, again.subList(half, again.size()), base, 0);
        }
    }

    /** Tries each record once, unless one before it is to be tried again and their order matters. */
    private Map<SinkRecord, Refusal> attempt(TopicModels topic, List<SinkRecord> records, long base) {
        Map<SinkRecord, Refusal> refusals = new IdentityHashMap<>();
        List<Batch> batches = topic.batches(records, base, (record, error) -> {
            if (Fault.of(error) != Fault.RECORD) {
                throw failure(error);
            }
            refusals.put(record, new Refusal(Reason.ITSELF, error));
        });
        boolean isHeldUp = false;
        for (Batch batch : batches) {
            Map<SinkRecord, Refusal> inBatch =
                    isHeldUp && batch.isBehindOthers() ? untried(batch.records()) : attempt(topic, batch);
            isHeldUp |= inBatch.values().stream().anyMatch(refusal -> refusal.reason() != Reason.ITSELF);
            refusals.putAll(inBatch);
        }
        return refusals;
    }

    private static Map<SinkRecord, Refusal> untried(List<SinkRecord> records) {
        Map<SinkRecord, Refusal> refusals = new IdentityHashMap<>();
        records.forEach(record -> refusals.put(record, new Refusal(Reason.PERHAPS_ANOTHER, null)));
        return refusals;
    }

    private Map<SinkRecord, Refusal> attempt(TopicModels topic, Batch batch) {
        MongoCollection<BsonDocument> collection;
        try {
            collection = collections.get(batch.namespace(), topic.config());
        } catch (RuntimeException e) {
            throw failure(e);
        }
        Map<SinkRecord, Refusal> refusals = Map.of();
        try {
            BulkWriteResult result = collection.bulkWrite(batch.models(collection),
                    new BulkWriteOptions().ordered(batch.isOrdered()));
            if (!batch.isDone(result)) {
                refusals = outrun(batch.records());
            }
        } catch (MongoBulkWriteException e) {
            if (Fault.of(e) == Fault.OUTAGE) {
                throw failure(e);
            }
            refusals = refusals(topic, batch, e);
        } catch (RuntimeException e) {
            if (Fault.of(e) != Fault.RECORD) {
                throw failure(e);
            }
            refusals = refusals(topic, batch.records(), e);
        }
        topic.limitRate();
        return refusals;
    }

    /** Some found that another writer was quicker, and nobody says which: all that are done change nothing again. */
    private static Map<SinkRecord, Refusal> outrun(List<SinkRecord> records) {
        Map<SinkRecord, Refusal> refusals = new IdentityHashMap<>();
        Refusal refusal = new Refusal(Reason.OUTRUN, new DataException("another writer changed the document each time"));
        records.forEach(record -> refusals.put(record, refusal));
        return refusals;
    }

    /** MongoDB says which models it refuses. */
    private static Map<SinkRecord, Refusal> refusals(TopicModels topic, Batch batch, MongoBulkWriteException thrown) {
        Map<SinkRecord, Refusal> refusals = batch.isDone(thrown.getWriteResult()) ? new IdentityHashMap<>()
                : outrun(batch.records());
        WriteConcernError unsure = thrown.getWriteConcernError();
        if (unsure != null) {
            requireRecords(unsure.getCode(), unsure.getMessage(), thrown);
            batch.records().forEach(record ->
                    refusals.put(record, new Refusal(Reason.ITSELF, new WriteConcernException(unsure))));
        }
        for (BulkWriteError error : thrown.getWriteErrors()) {
            requireRecords(error.getCode(), error.getMessage(), thrown);
            List<SinkRecord> records = batch.records(error.getIndex());
            boolean idTaken = Fault.isIdTaken(error.getCode(), error.getMessage());
            if (idTaken && topic.keepsFirst()) {
                records.forEach(refusals::remove);
            } else {
                Reason reason = records.size() > 1 ? Reason.PERHAPS_ANOTHER : idTaken ? Reason.OUTRUN : Reason.ITSELF;
                records.forEach(record -> refusals.put(record, new Refusal(reason, new WriteException(error))));
            }
            if (batch.isOrdered()) {
                refusals.putAll(untried(batch.records().subList(error.getIndex() + 1, batch.records().size())));
            }
        }
        return refusals;
    }

    /** MongoDB, or already the driver, refuses the records together. */
    private static Map<SinkRecord, Refusal> refusals(TopicModels topic, List<SinkRecord> records,
            RuntimeException thrown) {
        Map<SinkRecord, Refusal> refusals = new IdentityHashMap<>();
        if (records.size() > 1) {
            records.forEach(record -> refusals.put(record, new Refusal(Reason.PERHAPS_ANOTHER, thrown)));
            return refusals;
        }
        boolean idTaken = thrown instanceof MongoException refusal
                && Fault.isIdTaken(refusal.getCode(), refusal.getMessage());
        if (!idTaken || !topic.keepsFirst()) {
            refusals.put(records.get(0), new Refusal(idTaken ? Reason.OUTRUN : Reason.ITSELF, thrown));
        }
        return refusals;
    }

    private static void requireRecords(int code, String message, MongoBulkWriteException thrown) {
        Fault fault = Fault.ofWrite(code);
        if (fault != Fault.RECORD) {
            throw failure(fault, message, thrown);
        }
    }

    private void setAside(SinkRecord record, RuntimeException error) {
        if (reporter == null) {
            throw new ConnectException("can't write " + PendingRecords.origin(record) + "@"
                    + record.originalKafkaOffset(), error);
        }
        deadLetters.put(record, reporter.report(record, error));
    }

    /** What it means to the task that MongoDB, or the driver, refuses something that concerns no record alone. */
    static RuntimeException failure(RuntimeException thrown) {
        return failure(Fault.of(thrown), thrown.getMessage(), thrown);
    }

    private static RuntimeException failure(Fault fault, String message, RuntimeException thrown) {
        return fault == Fault.OUTAGE ? new OutageException(message, thrown)
                : new ConnectException("MongoDB refuses what the sink asks: " + message, thrown);
    }
}
