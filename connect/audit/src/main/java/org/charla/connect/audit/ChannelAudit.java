package org.charla.connect.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;
import org.charla.client.terminal.CommandFailure;
import org.charla.connect.sink.MessageChange;
import org.charla.connect.sink.SinkWork;

/**
 * One channel: walks its topic and its collection side by side, by position. Messages are compared field by field; changes by
 * the documents of their messages, which are asked for as the topic names them, and may have changed once more meanwhile.
 * What a document tells of and no record says is found by sums ({@link Backing}), and looked for in the topic. Not
 * thread-safe.
 *
 * <p>What runs meanwhile makes no differences: what the sink had committed is asked for before anything is read, so that what
 * stands before that is in what is read; where the topic begins and ends is asked for again before a document is said to
 * have no record.
 */
final class ChannelAudit {

    /** In bytes, by how much changes can make a document larger: a thousand users' reactions, and a text. */
    private static final int MOST_ADDED = 2 << 20;
    private static final int BATCH = 1_000;
    /** How many changes are looked for in the topic together. */
    private static final int LOOKED_FOR = 10_000;
    private static final String OFFSET = "offset";
    /** Of a document that is larger than what changes can make of it. */
    private static final List<String> SIZE = List.of("size");
    private static final String EDITED = "edited";
    private static final String DELETED = "deleted";
    private static final String REACTIONS = "reactions";
    private static final Bson BY_OFFSET = Sorts.ascending(OFFSET);
    private static final Bson PLACE = Projections.include(OFFSET);
    private static final Bson CHANGEABLE = Projections.include(OFFSET, "text", EDITED, DELETED, REACTIONS);
    /** All but numbers; an index finds them. */
    private static final Bson NOWHERE = Filters.or(Filters.eq(OFFSET, null), BsonDocument.parse("""
            {offset: {$type: ["string", "object", "array", "binData", "objectId", "bool", "date", "regex", "minKey",
              "maxKey"]}}"""), Filters.gte(OFFSET, new BsonTimestamp(0)));
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    private final Sides sides;
    private final Report report;
    private final Findings findings;
    private final TopicPartition partition;
    private final Backing backing = new Backing();
    /** A record's position is its offset and this. */
    private final long base;
    private long begin;
    private long end;
    private long committed;
    private long endNow;
    private final List<Difference> withoutRecord = new ArrayList<>();
    private DeadLetters deadLetters;

    /** @param base what positions of this topic are above the offsets */
    ChannelAudit(Sides sides, Report report, Findings findings, long base) {
        this.sides = sides;
        this.report = report;
        this.partition = new TopicPartition(findings.topic(), 0);
        this.findings = findings;
        this.base = base;
    }

    /**
     * Judges the channel, and writes what is missing where that is asked for.
     *
     * @throws org.charla.access.AccessFailure if a server doesn't answer
     * @throws CommandFailure if it can't be judged
     */
    void run() {
        int partitions = sides.log().partitions(partition.topic()).size();
        if (partitions > 1) {
            throw new CommandFailure("its topic has " + partitions + " partitions, so that there is no order in it");
        }
        committed = base + sides.progress().committed(Set.of(partition)).getOrDefault(partition, 0L);
        begin = partitions == 0 ? 0 : base + sides.log().begin(partition);
        end = partitions == 0 ? Long.MAX_VALUE : base + sides.log().end(partition);
        endNow = end;
        sides.store().ask(() -> {
            if (partitions == 0) {
                findings.count(Findings.Count.NOT_VISIBLE, sides.collection(partition.topic()).countDocuments());
            } else {
                boolean isIndexed = judgeIndex();
                findings.count(Findings.Count.NOT_VISIBLE,
                        sides.collection(partition.topic()).countDocuments(Filters.lt(OFFSET, begin)));
                each(sides.collection(partition.topic()).find(NOWHERE).projection(PLACE), document ->
                        findings.add(Difference.document(Difference.Kind.EXTRA, MessageDocument.id(document), -1)));
                walk(isIndexed);
                judgeBehindTheEnd();
                if (backing.isInDoubt()) {
                    lookAgain();
                }
            }
            return null;
        });
    }

    /** @return whether the collection can be read in order, or there is none */
    private boolean judgeIndex() {
        List<BsonDocument> indexes = indexes();
        if (indexes.isEmpty() || indexes.stream().anyMatch(ChannelAudit::isByOffset)) {
            return true;
        }
        Difference missing = Difference.document(Difference.Kind.NO_INDEX, "", -1);
        boolean isMade = false;
        if (sides.repair()) {
            sides.sink().prepare(partition.topic());
            isMade = indexes().stream().anyMatch(ChannelAudit::isByOffset);
        }
        findings.add(isMade ? missing.repaired(Difference.Repair.DONE) : missing);
        return isMade;
    }

    private List<BsonDocument> indexes() {
        return sides.collection(partition.topic()).listIndexes(BsonDocument.class).into(new ArrayList<>());
    }

    private static boolean isByOffset(BsonDocument index) {
        BsonDocument keys = index.getDocument("key");
        return keys.getFirstKey().equals(OFFSET) && keys.get(OFFSET) instanceof BsonNumber
                && !index.containsKey("partialFilterExpression") && !index.containsKey("sparse")
                && !index.containsKey("hidden");
    }

    private void walk(boolean isIndexed) {
        FindIterable<RawBsonDocument> inOrder = sides.collection(partition.topic())
                .find(Filters.and(Filters.gte(OFFSET, begin), Filters.lt(OFFSET, end))).sort(BY_OFFSET).batchSize(BATCH);
        try (MongoCursor<RawBsonDocument> cursor = (isIndexed ? inOrder : inOrder.allowDiskUse(true)).cursor()) {
            Documents documents = new Documents(cursor);
            sides.log().read(partition, begin - base, end - base, (records, next) -> {
                judge(records, documents);
                documents.takeBefore(base + next, this::addWithoutRecord);
                report.progress(findings, base + next - begin, end - begin);
            });
            documents.takeBefore(end, this::addWithoutRecord);
            judgeWithoutRecord();
        }
    }

    /** The collection, one document after the other. */
    private final class Documents {

        private final MongoCursor<RawBsonDocument> cursor;
        private RawBsonDocument next;
        private long position;

        Documents(MongoCursor<RawBsonDocument> cursor) {
            this.cursor = cursor;
            step();
        }

        private void step() {
            next = cursor.hasNext() ? cursor.next() : null;
            position = next == null ? Long.MAX_VALUE : MessageDocument.position(next);
        }

        void takeBefore(long limit, Consumer<RawBsonDocument> reader) {
            while (next != null && position < limit) {
                RawBsonDocument taken = next;
                step();
                findings.count(Findings.Count.DOCUMENTS, 1);
                reader.accept(taken);
            }
        }
    }

    /** @param records that follow one another */
    private void judge(List<ConsumerRecord<byte[], byte[]>> records, Documents documents) {
        List<SinkRecord> messages = new ArrayList<>();
        List<SinkRecord> changes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                transformed(record).ifPresent(made ->
                        (made.value() instanceof MessageChange ? changes : messages).add(made));
            } catch (DataException e) {
                findings.count(Findings.Count.UNREADABLE, 1);
            }
        }
        findings.count(Findings.Count.MESSAGES, messages.size());
        findings.count(Findings.Count.CHANGES, changes.size());
        judgeMessages(messages, documents);
        judgeChanges(changes);
    }

    private Optional<SinkRecord> transformed(ConsumerRecord<byte[], byte[]> record) {
        return sides.sink().transform(new SinkRecord(record.topic(), record.partition(), null,
                record.key() == null ? null : new String(record.key(), UTF_8), null, record.value(),
                base + record.offset()));
    }

    private void judgeMessages(List<SinkRecord> messages, Documents documents) {
        Map<String, SinkRecord> absent = new LinkedHashMap<>();
        for (SinkRecord message : messages) {
            String id = (String) message.key();
            documents.takeBefore(message.kafkaOffset(), this::addWithoutRecord);
            boolean[] isThere = new boolean[1];
            documents.takeBefore(message.kafkaOffset() + 1, document -> {
                if (MessageDocument.id(document).equals(id)) {
                    isThere[0] = true;
                    compare(message, document);
                } else {
                    addWithoutRecord(document);
                }
            });
            if (!isThere[0]) {
                // Of a message that stands in the topic twice the second record changes nothing.
                absent.putIfAbsent(id, message);
            }
        }
        if (absent.isEmpty()) {
            if (!messages.isEmpty()) {
                findings.endGap();
            }
            return;
        }
        sides.find(partition.topic(), List.copyOf(absent.keySet()), new BsonDocument(), document -> {
            SinkRecord message = absent.remove(MessageDocument.id(document));
            long position = MessageDocument.position(document);
            if (message == null) {
                // It is found by a collation of somebody's.
                return;
            }
            if (position == message.kafkaOffset()) {
                compare(message, document);
            } else if (position > message.kafkaOffset()) {
                findings.add(Difference.document(Difference.Kind.UNEQUAL, MessageDocument.id(document),
                        message.kafkaOffset(), List.of(OFFSET)));
            }
        });
        List<SinkRecord> missing = missing(absent.values().stream().toList());
        Map<SinkRecord, Difference.Repair> repairs = repaired(missing);
        for (SinkRecord message : messages) {
            if (repairs.containsKey(message)) {
                findings.addToGap(missing(Difference.document(Difference.Kind.MISSING, (String) message.key(),
                        message.kafkaOffset()), message, repairs));
            } else {
                findings.endGap();
            }
        }
    }

    /** Those that the sink says to have written. */
    private List<SinkRecord> missing(List<SinkRecord> absent) {
        List<SinkRecord> missing = absent.stream().filter(record -> record.kafkaOffset() < committed).toList();
        if (missing.size() < absent.size()) {
            findings.count(Findings.Count.NOT_WRITTEN, absent.size() - missing.size());
        }
        return missing;
    }

    private Map<SinkRecord, Difference.Repair> repaired(List<SinkRecord> missing) {
        Map<SinkRecord, Difference.Repair> repairs = new IdentityHashMap<>();
        List<Difference.Repair> done = sides.repair(missing);
        for (int i = 0; i < done.size(); i++) {
            repairs.put(missing.get(i), done.get(i));
        }
        return repairs;
    }

    private Difference missing(Difference difference, SinkRecord record, Map<SinkRecord, Difference.Repair> repairs) {
        if (deadLetters == null) {
            deadLetters = sides.deadLetters(partition.topic());
        }
        Difference missing = difference.repaired(repairs.get(record));
        return deadLetters.hold(partition.partition(), record.kafkaOffset() - base) ? missing.ofDeadLetter() : missing;
    }

    private void compare(SinkRecord message, RawBsonDocument document) {
        RawBsonDocument expected = (RawBsonDocument) sides.sink().document(message).orElseThrow();
        if (document.getByteBuffer().asNIO().equals(expected.getByteBuffer().asNIO())) {
            return;
        }
        String id = (String) message.key();
        if (size(document) > size(expected) + MOST_ADDED) {
            findings.add(Difference.document(Difference.Kind.UNEQUAL, id, message.kafkaOffset(), SIZE));
            return;
        }
        MessageDocument stored = new MessageDocument(document.decode(CODEC));
        List<String> fields = stored.differences(expected.decode(CODEC));
        if (!fields.isEmpty()) {
            findings.add(Difference.document(Difference.Kind.UNEQUAL, id, message.kafkaOffset(),
                    fields));
        }
        for (Change change : stored.changes()) {
            if (change.position() < end && change.position() > stored.position()) {
                backing.claim(id, change);
            } else if (change.position() <= stored.position() || isBehindTheEnd(change.position())) {
                findings.add(extra(id, change));
            }
        }
    }

    private static int size(RawBsonDocument document) {
        return document.getByteBuffer().remaining();
    }

    private boolean isVisible(long position) {
        return position >= begin && position < end;
    }

    /** Of what was read before: records that came since are none that are missing. */
    private boolean isBehindTheEnd(long position) {
        if (position >= endNow) {
            endNow = base + sides.log().end(partition);
        }
        return position >= endNow;
    }

    private static Difference extra(String id, Change change) {
        return Difference.change(Difference.Kind.EXTRA, id, change.position(), change.kind().key());
    }

    private void judgeChanges(List<SinkRecord> changes) {
        Map<String, List<SinkRecord>> byTarget = new LinkedHashMap<>();
        changes.forEach(record -> byTarget.computeIfAbsent(((MessageChange) record.value()).target(),
                target -> new ArrayList<>()).add(record));
        List<SinkRecord> absent = new ArrayList<>();
        sides.find(partition.topic(), byTarget.keySet(), CHANGEABLE, document -> {
            String id = MessageDocument.id(document);
            if (size(document) > 2 * MOST_ADDED) {
                findings.add(Difference.document(Difference.Kind.UNEQUAL, id, MessageDocument.position(document), SIZE));
                return;
            }
            MessageDocument stored = new MessageDocument(document.decode(CODEC));
            for (SinkRecord record : byTarget.getOrDefault(id, List.of())) {
                if (isAbsent((MessageChange) record.value(), stored)) {
                    absent.add(record);
                }
            }
        });
        absent.sort(Comparator.comparingLong(SinkRecord::kafkaOffset));
        List<SinkRecord> missing = missing(absent);
        Map<SinkRecord, Difference.Repair> repairs = repaired(missing);
        for (SinkRecord record : missing) {
            MessageChange change = (MessageChange) record.value();
            findings.add(missing(Difference.change(Difference.Kind.MISSING, change.target(), change.position(),
                    Change.of(change).kind().key()), record, repairs));
        }
    }

    /** Whether a change is yet to be brought to the document; what is wrong with one that was, is told. */
    private boolean isAbsent(MessageChange change, MessageDocument stored) {
        Change asked = Change.of(change);
        long position = stored.positionOf(asked);
        if (position == change.position() && position > stored.position()) {
            List<String> fields = stored.differences(change);
            if (!fields.isEmpty()) {
                findings.add(Difference.change(Difference.Kind.UNEQUAL, change.target(), position, asked.kind().key(),
                        fields));
            }
            if (isVisible(stored.position())) {
                backing.confirm(change.target(), asked);
            }
            return false;
        }
        if (asked.kind() == Change.Kind.DELETION && position > change.position()
                && change.position() > stored.position()) {
            // The first one counts.
            findings.add(Difference.change(Difference.Kind.UNEQUAL, change.target(), change.position(), asked.kind().key(),
                    List.of("deleted.position")));
            return false;
        }
        return SinkWork.isLacking(stored.bson(), change);
    }

    private void addWithoutRecord(RawBsonDocument document) {
        withoutRecord.add(extra(document));
        if (withoutRecord.size() == BATCH) {
            judgeWithoutRecord();
        }
    }

    private void judgeWithoutRecord() {
        if (withoutRecord.isEmpty()) {
            return;
        }
        long beginNow = base + sides.log().begin(partition);
        for (Difference difference : withoutRecord) {
            if (difference.position() < beginNow) {
                findings.count(Findings.Count.NOT_VISIBLE, 1);
            } else {
                findings.add(difference);
            }
        }
        withoutRecord.clear();
    }

    private static Difference extra(RawBsonDocument document) {
        return Difference.document(Difference.Kind.EXTRA, MessageDocument.id(document), MessageDocument.position(document));
    }

    private void judgeBehindTheEnd() {
        each(sides.collection(partition.topic()).find(Filters.gte(OFFSET, end)).sort(BY_OFFSET).projection(PLACE),
                document -> {
                    if (isBehindTheEnd(MessageDocument.position(document))) {
                        findings.add(extra(document));
                    }
                });
    }

    /** Looks for the records of the changes that documents tell of, where the sums leave that in doubt. */
    private void lookAgain() {
        List<Claim> claims = new ArrayList<>();
        each(sides.collection(partition.topic()).find(Filters.and(Filters.gte(OFFSET, begin), Filters.lt(OFFSET, end),
                Filters.or(Filters.exists(EDITED), Filters.exists(DELETED), Filters.exists(REACTIONS))))
                .projection(Projections.include(OFFSET, EDITED, DELETED, REACTIONS)), document -> {
                    String id = MessageDocument.id(document);
                    if (backing.isInDoubt(id) && size(document) <= 2 * MOST_ADDED) {
                        MessageDocument stored = new MessageDocument(document.decode(CODEC));
                        stored.changes().stream()
                                .filter(change -> change.position() < end && change.position() > stored.position())
                                .forEach(change -> claims.add(new Claim(id, change)));
                        if (claims.size() >= LOOKED_FOR) {
                            lookFor(claims);
                            claims.clear();
                        }
                    }
                });
        lookFor(claims);
    }

    /** That a message was changed. */
    private record Claim(String id, Change change) {
    }

    private void lookFor(List<Claim> claims) {
        List<Claim> unfounded = new ArrayList<>(claims);
        Map<Long, MessageChange> records = new HashMap<>();
        sides.log().readAt(partition, claims.stream().map(claim -> claim.change().position() - base).distinct().sorted()
                .toList(), record -> {
                    try {
                        transformed(record).filter(made -> made.value() instanceof MessageChange)
                                .map(made -> (MessageChange) made.value())
                                .ifPresent(change -> records.put(change.position(), change));
                    } catch (DataException e) {
                        // It changes nothing.
                    }
                });
        unfounded.removeIf(claim -> {
            MessageChange record = records.get(claim.change().position());
            return record != null && record.target().equals(claim.id()) && Change.of(record).equals(claim.change());
        });
        if (!unfounded.isEmpty()) {
            long beginNow = base + sides.log().begin(partition);
            unfounded.stream().filter(claim -> claim.change().position() >= beginNow)
                    .forEach(claim -> findings.add(extra(claim.id(), claim.change())));
        }
    }

    private static void each(FindIterable<RawBsonDocument> found, Consumer<RawBsonDocument> reader) {
        try (MongoCursor<RawBsonDocument> cursor = found.cursor()) {
            cursor.forEachRemaining(reader);
        }
    }
}
