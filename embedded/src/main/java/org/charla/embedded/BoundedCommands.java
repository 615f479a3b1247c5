package org.charla.embedded;

import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a command from making more of little than the stand-in can carry. A MongoDB bounds what an expression allocates
 * and how long a regular expression is tried; the stand-in's library does neither, and answers nobody else meanwhile.
 * So it takes the operators that filter, change, sort and count, none that makes lists and texts or joins collections.
 */
final class BoundedCommands {

    private static final Set<String> OPERATORS = Set.of(
            "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$and", "$or", "$nor", "$not", "$exists",
            "$type", "$regex", "$options", "$all", "$elemMatch", "$size", "$mod", "$comment", "$natural",
            "$set", "$setOnInsert", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$currentDate", "$bit",
            "$push", "$each", "$position", "$slice", "$sort", "$pull", "$pullAll", "$addToSet", "$pop",
            "$match", "$group", "$project", "$addFields", "$sortByCount", "$limit", "$skip", "$count", "$sum", "$avg", "$first", "$last",
            "$db", "$readPreference", "$clusterTime", "$query", "$orderby", "$id", "$ref");

    /** Of a document to put in, or to replace one with, everything is data. */
    private static final String INSERTED = "documents";

    /** What may have stages: an aggregation, and an update that is one. */
    private static final Set<String> STAGED = Set.of("pipeline", "u");
    /** A stage repeats what it refers to, and the next one repeats that. */
    private static final int REFERENCES = 20;

    /** A list is filled up to the place that is set: this many digits of it are too many. */
    private static final Pattern FAR_PLACE = Pattern.compile(".*\\.\\d{5,}(?:\\..*|$)");

    private BoundedCommands() {
    }

    /**
     * Gives the regular expressions in a command a time that is over for all of them at once.
     *
     * @param regexTime how long they may be tried
     * @throws MongoServerError if there is something in the command that may cost any amount
     */
    static void bound(Document command, Duration regexTime) {
        long deadline = System.nanoTime() + regexTime.toNanos();
        for (Map.Entry<String, Object> part : command.entrySet()) {
            if (!part.getKey().equals(INSERTED)) {
                part.setValue(bound(part.getKey(), part.getValue(), deadline));
            }
        }
    }

    private static Object bound(String name, Object value, long deadline) {
        if (name.startsWith("$") && !OPERATORS.contains(name)) {
            throw new MongoServerError(168, "InvalidPipelineOperator", "The MongoDB stand-in does not take " + name
                    + ": use a MongoDB for it");
        }
        if (FAR_PLACE.matcher(name).matches()) {
            throw new MongoServerError(2, "BadValue", "The MongoDB stand-in does not take so far a place in a list");
        }
        if (STAGED.contains(name) && value instanceof List<?> stages && references(stages) > REFERENCES) {
            throw new MongoServerError(2, "BadValue", "The MongoDB stand-in takes " + REFERENCES
                    + " references to fields in all stages of a pipeline");
        }
        return bound(value, deadline);
    }

    private static Object bound(Object value, long deadline) {
        if (BsonRegularExpression.isRegularExpression(value)) {
            return new BoundedExpression(BsonRegularExpression.convertToRegularExpression(value), deadline);
        }
        if (value instanceof Document document) {
            document.entrySet().forEach(part -> part.setValue(bound(part.getKey(), part.getValue(), deadline)));
        } else if (value instanceof List<?> list) {
            List<Object> bounded = new ArrayList<>(list.size());
            list.forEach(element -> bounded.add(bound(element, deadline)));
            return bounded;
        }
        return value;
    }

    private static int references(Object value) {
        if (value instanceof Document document) {
            return document.values().stream().mapToInt(BoundedCommands::references).sum();
        }
        if (value instanceof List<?> list) {
            return list.stream().mapToInt(BoundedCommands::references).sum();
        }
        return value instanceof String text && text.startsWith("$") ? 1 : 0;
    }

    /** Java tries some for longer than anybody waits, whatever the text. */
    private static final class BoundedExpression extends BsonRegularExpression {

        private static final long serialVersionUID = 1L;

        private final long deadline;

        private BoundedExpression(BsonRegularExpression given, long deadline) {
            super(given.getPattern(), given.getOptions());
            this.deadline = deadline;
        }

        @Override
        public Matcher matcher(String text) {
            return super.matcher("").reset(new BoundedText(text, deadline));
        }
    }

    /** What a regular expression is tried on: it asks for a character at every step. */
    private static final class BoundedText implements CharSequence {

        private static final int STEPS_BETWEEN_LOOKS = 1 << 12;

        private final String text;
        private final long deadline;
        private int steps;

        private BoundedText(String text, long deadline) {
            this.text = text;
            this.deadline = deadline;
        }

        @Override
        public char charAt(int index) {
            if (++steps % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - deadline > 0) {
                throw new MongoServerError(50, "MaxTimeMSExpired", "The regular expression takes too long");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
