package org.charla.connect.audit;

import org.charla.connect.sink.MessageChange;

/**
 * Which change it is that a record asks for, or that the document of its message tells of.
 *
 * @param by whose reaction it is; empty for the others
 */
record Change(Kind kind, String by, long position) {

    /** The place in a document that it takes. */
    enum Kind {
        EDIT("edit"), DELETION("deletion"), REACTION("reaction");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** The type of the record. */
        String key() {
            return key;
        }
    }

    static Change of(MessageChange change) {
        if (change instanceof MessageChange.Reaction reaction) {
            return new Change(Kind.REACTION, reaction.userId(), reaction.position());
        }
        return new Change(change instanceof MessageChange.Edit ? Kind.EDIT : Kind.DELETION, "", change.position());
    }
}
