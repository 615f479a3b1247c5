package org.charla.embedded;

import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.backend.aggregation.Expression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What is found, before it is looked for: one document after the other goes through it when it is asked for. What needs
 * many of them at once, sorting and grouping, takes a limited amount of memory, or else is refused.
 */
final class StoreFind {

    /** A MongoDB's, of what it doesn't sort or group in memory either. */
    private static final int TOO_MUCH = 292;
    private static final Set<String> COLLECTING = Set.of("$push", "$addToSet");

    /** As long as a search of Charla's may take: meanwhile nobody changes the collection. */
    private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int TOO_LONG = 50;

    private final Runnable rest;
    private final long mostKept;
    private Stream<Document> documents;
    private long kept;
    private long begin = System.nanoTime();
    private boolean isResting;

    /** @param mostKept how many bytes of documents may be in memory at once */
    StoreFind(StoreScan<?, ?> scan, long mostKept) {
        this(scan.stream(), 0, mostKept, scan::rest);
    }

    /** @param kept how many bytes these documents, or where they lie, take in memory */
    StoreFind(Stream<Document> documents, long kept, long mostKept) {
        this(documents, kept, mostKept, () -> { });
    }

    private StoreFind(Stream<Document> documents, long kept, long mostKept, Runnable rest) {
        this.rest = rest;
        this.documents = documents.peek(document -> requireTime());
        this.mostKept = mostKept;
        this.kept = kept;
    }

    Stream<Document> documents() {
        return documents;
    }

    /** What it has in memory, in bytes, and keeps until all of it is given. */
    long kept() {
        return kept;
    }

    /** To be said before the store may change under it. */
    void rest() {
        rest.run();
        isResting = true;
    }

    void then(UnaryOperator<Stream<Document>> step) {
        documents = step.apply(documents);
    }

    /**
     * Puts them in order, and forgets at once what comes behind the first ones.
     *
     * @param most how many of the first ones will be asked for
     */
    void sort(Comparator<Document> order, long most) {
        List<Document> first = new ArrayList<>();
        documents.forEach(document -> {
            first.add(document);
            keep(StoreTypes.memory(document));
            if (first.size() / 2 > most) {
                first.sort(order);
                List<Document> behind = first.subList((int) most, first.size());
                behind.forEach(one -> kept -= StoreTypes.memory(one));
                behind.clear();
            }
        });
        first.sort(order);
        documents = first.stream().limit(most);
    }

    /**
     * Groups them.
     *
     * @param id what of a document names its group
     * @param values what a group collects, by name: an operator and what of a document is given to it
     * @param step what does it
     */
    void group(Object id, Map<String, Object> values, UnaryOperator<Stream<Document>> step) {
        Set<Object> groups = new TreeSet<>(ValueComparator.asc());
        long before = kept;
        long[] largest = new long[1];
        long[] others = new long[1];
        documents = step.apply(documents.peek(document -> {
            Object group = Expression.evaluateDocument(id, document);
            if (groups.add(group)) {
                others[0] += 2L * StoreTypes.memory(group);
            }
            long size = 0;
            for (Object value : values.values()) {
                if (value instanceof Document operation) {
                    for (Map.Entry<String, Object> operator : operation.entrySet()) {
                        int bytes = StoreTypes.memory(Expression.evaluateDocument(operator.getValue(), document));
                        if (COLLECTING.contains(operator.getKey())) {
                            others[0] += bytes;
                        }
                        size += 2L * bytes;
                    }
                }
            }
            largest[0] = Math.max(largest[0], size);
            kept = before;
            keep(others[0] + groups.size() * largest[0]);
        }));
    }

    private void requireTime() {
        if (isResting) {
            begin = System.nanoTime();
            isResting = false;
        }
        if (System.nanoTime() - begin > LONGEST_NANOS) {
            throw new MongoServerError(TOO_LONG, "MaxTimeMSExpired", "The MongoDB stand-in looks for " + LONGEST_NANOS
                    / 1_000_000_000 + " s: use a narrower or simpler filter, an index, or a MongoDB");
        }
    }

    private void keep(long bytes) {
        kept += bytes;
        if (kept > mostKept) {
            throw new MongoServerError(TOO_MUCH, "QueryExceededMemoryLimitNoDiskUseAllowed", "The MongoDB stand-in sorts"
                    + " and groups up to " + mostKept + " bytes: use a limit, a narrower filter, an index, or a MongoDB");
        }
    }
}
