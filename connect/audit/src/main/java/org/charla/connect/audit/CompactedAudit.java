package org.charla.connect.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.charla.client.terminal.CommandFailure;

/**
 * A compacted topic and the collection that holds the newest value of each of its keys. The newest values are kept in memory
 * while they are compared: where they are too many, those of a part of the keys, and the topic is read once for each part.
 * What differs is judged again with what has come meanwhile, until nothing comes. Not thread-safe.
 */
final class CompactedAudit {

    /** How much is kept of a topic, in bytes. */
    private static final long MOST_KEPT = 32L << 20;
    private static final int OF_AN_ENTRY = 250;
    /** Of a document, in bytes: more than the largest record makes. */
    private static final int LARGEST = 4 << 20;
    private static final int MOST_PARTS = 1 << 16;
    private static final int BATCH = 1_000;
    /** How often what differs is judged again while new values of the same keys come. */
    private static final int ROUNDS = 10;
    private static final String UPDATED_AT = "updatedAt";
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    private final Sides sides;
    private final Report report;
    private final Findings findings;
    private final SeededHash hash = new SeededHash();
    private List<TopicPartition> partitions;
    private Map<TopicPartition, Long> committed;
    private DeadLetters deadLetters;

    CompactedAudit(Sides sides, Report report, Findings findings) {
        this.sides = sides;
        this.report = report;
        this.findings = findings;
    }

    /** The newest record of a key, as Kafka has it. */
    private record Newest(SinkRecord record, TopicPartition partition, long timestamp) {

        private boolean isReplacedBy(ConsumerRecord<byte[], byte[]> other) {
            // A key's records are all in one partition, but for what somebody put into another one.
            return other.partition() == partition.partition() || other.timestamp() >= timestamp;
        }
    }

    /**
     * Judges the topic, and writes what is missing where that is asked for.
     *
     * @throws org.charla.access.AccessFailure if a server doesn't answer
     * @throws CommandFailure if it can't be judged
     */
    void run() {
        partitions = sides.log().partitions(findings.topic());
        if (partitions.isEmpty()) {
            throw new CommandFailure("Kafka has no such topic, which the streams app makes: has it been started?");
        }
        committed = sides.progress().committed(partitions);
        judge(0, 1);
    }

    /** Judges one part of the keys, of so many. */
    private void judge(int part, int parts) {
        Part read = new Part(part, parts);
        if (read.isTooLarge) {
            if (parts == MOST_PARTS) {
                throw new CommandFailure("it holds more than can be kept in memory");
            }
            judge(part, 2 * parts);
            judge(part + parts, 2 * parts);
            return;
        }
        read.compare();
        read.lookForOthers();
    }

    private boolean isOf(int part, int parts, String key) {
        return (hash.of(key) & parts - 1) == part;
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? null : new String(record.key(), UTF_8);
    }

    /**
     * A document that is not as the newest record has it.
     *
     * @param fields in which it isn't
     * @param updatedAt in epoch milliseconds; empty where it doesn't say
     */
    private record Found(List<String> fields, OptionalLong updatedAt) {
    }

    /** What is known of a part of the keys. */
    private final class Part {

        private final int part;
        private final int parts;
        private final Map<String, Newest> newest = new HashMap<>();
        private final Map<TopicPartition, Long> read = new HashMap<>();
        private final List<String> suspects = new ArrayList<>();
        private long kept;
        private long unreadable;
        private boolean isTooLarge;

        Part(int part, int parts) {
            this.part = part;
            this.parts = parts;
            for (TopicPartition partition : partitions) {
                long begin = sides.log().begin(partition);
                long end = sides.log().end(partition);
                sides.log().read(partition, begin, end, (records, next) -> {
                    if (!isTooLarge) {
                        records.forEach(record -> keep(partition, record));
                        report.progress(findings, next - begin, end - begin);
                    }
                });
                if (isTooLarge) {
                    newest.clear();
                    return;
                }
                read.put(partition, end);
            }
        }

        private void keep(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
            String key = key(record);
            if (!isOf(part, parts, key == null ? "" : key)) {
                return;
            }
            SinkRecord raw = new SinkRecord(record.topic(), record.partition(), null, key, null, record.value(),
                    record.offset());
            try {
                sides.sink().transform(raw);
            } catch (DataException e) {
                unreadable++;
                return;
            }
            Newest before = newest.get(key);
            if (before == null || before.isReplacedBy(record)) {
                newest.put(key, new Newest(raw, partition, record.timestamp()));
                kept += size(raw) - (before == null ? 0 : size(before.record()));
                isTooLarge |= kept > MOST_KEPT;
            }
        }

        private static int size(SinkRecord record) {
            return OF_AN_ENTRY + 2 * ((String) record.key()).length()
                    + (record.value() == null ? 0 : ((byte[]) record.value()).length);
        }

        void compare() {
            findings.count(Findings.Count.KEYS,
                    newest.values().stream().filter(one -> one.record().value() != null).count());
            List<String> keys = List.copyOf(newest.keySet());
            for (int from = 0; from < keys.size(); from += BATCH) {
                suspects.addAll(different(keys.subList(from, Math.min(keys.size(), from + BATCH))).keySet());
                settle();
            }
        }

        /** Documents of keys that the topic doesn't have. */
        void lookForOthers() {
            sides.store().ask(() -> {
                try (MongoCursor<RawBsonDocument> cursor = sides.collection(findings.topic()).find()
                        .projection(Projections.include("_id")).cursor()) {
                    cursor.forEachRemaining(document -> {
                        String id = MessageDocument.id(document);
                        if (isOf(part, parts, id)) {
                            findings.count(Findings.Count.DOCUMENTS, 1);
                            if (!document.isString("_id")) {
                                findings.add(Difference.document(Difference.Kind.EXTRA, id, -1));
                            } else if (!newest.containsKey(id)) {
                                suspects.add(id);
                            }
                        }
                        if (suspects.size() == BATCH) {
                            settle();
                        }
                    });
                }
                return null;
            });
            settle();
            findings.count(Findings.Count.UNREADABLE, unreadable);
        }

        /** What of these keys isn't as the newest record has it: by key, what is there instead, if anything. */
        private Map<String, Optional<Found>> different(Collection<String> keys) {
            Map<String, Optional<Found>> different = new LinkedHashMap<>();
            keys.forEach(key -> different.put(key, Optional.empty()));
            Set<String> there = new HashSet<>();
            sides.find(findings.topic(), keys, new BsonDocument(), document -> {
                String key = MessageDocument.id(document);
                there.add(key);
                Optional<BsonDocument> expected = expected(key);
                if (document.getByteBuffer().remaining() > LARGEST) {
                    different.replace(key, Optional.of(new Found(List.of("size"), OptionalLong.empty())));
                } else if (expected.equals(Optional.of(document.decode(CODEC)))) {
                    different.remove(key);
                } else {
                    different.replace(key, Optional.of(new Found(
                            differences(document.decode(CODEC), expected.orElseGet(BsonDocument::new)), updatedAt(document))));
                }
            });
            different.keySet().removeIf(key -> !there.contains(key) && expected(key).isEmpty());
            return different;
        }

        private static OptionalLong updatedAt(BsonDocument document) {
            return document.get(UPDATED_AT) instanceof BsonDateTime date ? OptionalLong.of(date.getValue())
                    : OptionalLong.empty();
        }

        private Optional<BsonDocument> expected(String key) {
            Newest known = newest.get(key);
            return known == null ? Optional.empty()
                    : sides.sink().transform(known.record()).flatMap(record -> sides.sink().document(record));
        }

        /** Judges the suspects once more. */
        private void settle() {
            Map<String, Optional<Found>> left = Map.of();
            for (int round = 0; round < ROUNDS && !suspects.isEmpty(); round++) {
                committed = sides.progress().committed(partitions);
                boolean isNew = readOn(suspects);
                left = different(suspects);
                suspects.retainAll(left.keySet());
                if (!isNew) {
                    break;
                }
            }
            List<String> missing = new ArrayList<>();
            for (Map.Entry<String, Optional<Found>> one : left.entrySet()) {
                Newest known = newest.get(one.getKey());
                if (known != null && known.record().kafkaOffset() >= committed.getOrDefault(known.partition(), 0L)) {
                    findings.count(Findings.Count.NOT_WRITTEN, 1);
                } else if (isOlder(one.getValue(), expected(one.getKey()))) {
                    missing.add(one.getKey());
                } else {
                    findings.add(other(one.getKey(), one.getValue()));
                }
            }
            suspects.clear();
            tellMissing(missing, left);
        }

        private static boolean isOlder(Optional<Found> found, Optional<BsonDocument> expected) {
            return expected.isPresent() && (found.isEmpty() || found.get().updatedAt().isPresent()
                    && found.get().updatedAt().getAsLong() < updatedAt(expected.get()).orElse(Long.MIN_VALUE));
        }

        private Difference other(String key, Optional<Found> found) {
            long position = newest.containsKey(key) ? newest.get(key).record().kafkaOffset() : -1;
            return expected(key).isEmpty() ? Difference.document(Difference.Kind.EXTRA, key, position)
                    : Difference.document(Difference.Kind.UNEQUAL, key, position, found.orElseThrow().fields());
        }

        private static List<String> differences(BsonDocument document, BsonDocument expected) {
            TreeSet<String> fields = new TreeSet<>(document.keySet());
            fields.addAll(expected.keySet());
            fields.removeIf(field -> Objects.equals(expected.get(field), document.get(field)));
            return List.copyOf(fields);
        }

        private void tellMissing(List<String> missing, Map<String, Optional<Found>> found) {
            if (missing.isEmpty()) {
                return;
            }
            if (deadLetters == null) {
                deadLetters = sides.deadLetters(findings.topic());
            }
            List<Difference.Repair> repairs = write(missing);
            for (int i = 0; i < missing.size(); i++) {
                Newest known = newest.get(missing.get(i));
                long offset = known.record().kafkaOffset();
                Difference difference = (found.get(missing.get(i)).isEmpty()
                        ? Difference.document(Difference.Kind.MISSING, missing.get(i), offset)
                        : Difference.change(Difference.Kind.MISSING, missing.get(i), offset, "update"))
                        .repaired(repairs.get(i));
                findings.add(deadLetters.hold(known.partition().partition(), offset) ? difference.ofDeadLetter() : difference);
                findings.endGap();
            }
            // The sink may have been quicker with what came since, and what was put in behind that is older.
            List<String> again = missing;
            while (sides.repair() && readOn(again)) {
                write(again);
            }
        }

        private List<Difference.Repair> write(List<String> keys) {
            return sides.repair(keys.stream().map(key -> sides.sink().transform(newest.get(key).record()).orElseThrow())
                    .toList());
        }

        /** Takes up what has come; whether something of these keys has. */
        private boolean readOn(Collection<String> keys) {
            Set<String> asked = Set.copyOf(keys);
            boolean[] isNew = new boolean[1];
            for (TopicPartition partition : partitions) {
                long end = sides.log().end(partition);
                sides.log().read(partition, read.get(partition), end, (records, next) -> records.forEach(record -> {
                    keep(partition, record);
                    isNew[0] |= record.key() != null && asked.contains(key(record));
                }));
                read.put(partition, Math.max(end, read.get(partition)));
            }
            return isNew[0];
        }
    }
}
