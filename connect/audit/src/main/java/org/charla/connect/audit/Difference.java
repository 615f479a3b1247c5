package org.charla.connect.audit;

import java.util.List;

/**
 * One difference between a topic and its collection.
 *
 * @param id the document's, as text
 * @param position where the record stands, or the document says that it does; negative where there is none
 * @param change which change of the document is concerned: {@code edit}, {@code deletion} or {@code reaction}; empty where it is
 *               the document itself
 * @param fields what differs; empty where all of it does
 * @param isDeadLetter whether the sink has set the record aside
 * @param repair what came of writing it
 */
record Difference(Kind kind, String id, long position, String change, List<String> fields, boolean isDeadLetter,
        Repair repair) {

    /** In characters, and in number: documents may hold whatever anybody put into them. */
    private static final int LONGEST_ID = 1_000;
    private static final int LONGEST_FIELD = 100;
    private static final int MOST_FIELDS = 20;

    Difference {
        id = cut(id, LONGEST_ID);
        fields = fields.stream().limit(MOST_FIELDS).map(field -> cut(field, LONGEST_FIELD)).toList();
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text
                : text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest) + '…';
    }

    /** What is wrong. */
    enum Kind {

        /** The record is there, what the sink makes of it is not. */
        MISSING("missing"),
        /** Both are there, and not the same. */
        UNEQUAL("unequal"),
        /** There is no record for what MongoDB has. */
        EXTRA("extra"),
        /** The collection lacks the index that it is read by. */
        NO_INDEX("noIndex");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Names it, for programs and in the files of texts. */
        String key() {
            return key;
        }
    }

    /** What came of writing what is missing. */
    record Repair(boolean isDone, String refusal) {

        static final Repair NONE = new Repair(false, "");
        static final Repair DONE = new Repair(true, "");
    }

    static Difference document(Kind kind, String id, long position, List<String> fields) {
        return new Difference(kind, id, position, "", fields, false, Repair.NONE);
    }

    static Difference document(Kind kind, String id, long position) {
        return document(kind, id, position, List.of());
    }

    static Difference change(Kind kind, String id, long position, String change, List<String> fields) {
        return new Difference(kind, id, position, change, fields, false, Repair.NONE);
    }

    static Difference change(Kind kind, String id, long position, String change) {
        return change(kind, id, position, change, List.of());
    }

    Difference ofDeadLetter() {
        return new Difference(kind, id, position, change, fields, true, repair);
    }

    Difference repaired(Repair done) {
        return new Difference(kind, id, position, change, fields, isDeadLetter, done);
    }
}
