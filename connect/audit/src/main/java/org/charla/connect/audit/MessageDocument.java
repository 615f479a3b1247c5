package org.charla.connect.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.charla.connect.sink.MessageChange;

/** A document among a channel's messages, which anybody may have written. */
final class MessageDocument {

    /** What becomes of a message. */
    private static final Set<String> CHANGEABLE = Set.of("text", "edited", "deleted", "reactions");
    private static final String POSITION = "position";

    private final BsonDocument document;
    private final Map<String, BsonDocument> reactions = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<String> unreadable = new TreeSet<>();

    MessageDocument(BsonDocument document) {
        this.document = document;
        if (document.containsKey("edited")) {
            readChange(Change.Kind.EDIT, "edited", document.get("edited"));
        }
        if (document.containsKey("deleted")) {
            readChange(Change.Kind.DELETION, "deleted", document.get("deleted"));
            CHANGEABLE.stream().filter(field -> !field.equals("deleted") && document.containsKey(field))
                    .forEach(unreadable::add);
        }
        if (document.get("reactions") instanceof BsonArray array) {
            array.forEach(this::readReaction);
        } else if (document.containsKey("reactions")) {
            unreadable.add("reactions");
        }
    }

    private void readChange(Change.Kind kind, String field, BsonValue value) {
        Set<String> fields = kind == Change.Kind.EDIT ? Set.of("at", POSITION) : Set.of("at", "by", POSITION);
        if (value instanceof BsonDocument change && change.keySet().equals(fields)
                && change.get("at") instanceof BsonDateTime && change.get(POSITION) instanceof BsonInt64 position
                && (kind == Change.Kind.EDIT || change.get("by") instanceof BsonString)) {
            changes.add(new Change(kind, "", position.getValue()));
        } else {
            unreadable.add(field);
        }
    }

    private void readReaction(BsonValue value) {
        if (value instanceof BsonDocument one && one.keySet().equals(Set.of("userId", "reactions", POSITION))
                && one.get("userId") instanceof BsonString userId && one.get("reactions") instanceof BsonArray
                && one.get(POSITION) instanceof BsonInt64 position
                && reactions.putIfAbsent(userId.getValue(), one) == null) {
            changes.add(new Change(Change.Kind.REACTION, userId.getValue(), position.getValue()));
        } else {
            unreadable.add("reactions");
        }
    }

    /** The id as the sink writes it; one of another type as JSON has it. */
    static String id(BsonDocument document) {
        BsonValue id = document.get("_id");
        return id instanceof BsonString string ? string.getValue() : new BsonDocument("_id", id).toJson();
    }

    /** Where it says that it stands; as far as a number says so. */
    static long position(BsonDocument document) {
        BsonValue offset = document.get("offset");
        return offset != null && offset.isNumber() ? offset.asNumber().longValue() : Long.MAX_VALUE;
    }

    long position() {
        return position(document);
    }

    /** The changes that it tells of, as far as they can be read. */
    List<Change> changes() {
        return changes;
    }

    /** Where the change stands that counts in this place, whoever wrote it; negative where there is none. */
    long positionOf(Change asked) {
        return changes.stream().filter(one -> one.kind() == asked.kind() && one.by().equals(asked.by()))
                .mapToLong(Change::position).findFirst().orElse(-1);
    }

    /**
     * In which fields it is not what its record and its changes can have made of it.
     *
     * @param expected as it is before all changes
     */
    List<String> differences(BsonDocument expected) {
        Set<String> different = new TreeSet<>(unreadable);
        Set<String> fields = new TreeSet<>(document.keySet());
        fields.addAll(expected.keySet());
        fields.removeAll(CHANGEABLE);
        fields.stream().filter(field -> !Objects.equals(document.get(field), expected.get(field)))
                .forEach(different::add);
        boolean isEdited = document.containsKey("edited");
        if (!document.containsKey("deleted") && (isEdited ? !(document.get("text") instanceof BsonString)
                : !expected.get("text").equals(document.get("text")))) {
            different.add("text");
        }
        return List.copyOf(different);
    }

    /** In which fields it differs from what a change asks for that it tells of. */
    List<String> differences(MessageChange change) {
        List<String> different = new ArrayList<>();
        if (change instanceof MessageChange.Edit edit) {
            if (!new BsonString(edit.text()).equals(document.get("text"))) {
                different.add("text");
            }
            if (document.getDocument("edited").getDateTime("at").getValue() != edit.at()) {
                different.add("edited.at");
            }
        } else if (change instanceof MessageChange.Deletion deletion) {
            BsonDocument deleted = document.getDocument("deleted");
            if (!deleted.getString("by").getValue().equals(deletion.by())) {
                different.add("deleted.by");
            }
            if (deleted.getDateTime("at").getValue() != deletion.at()) {
                different.add("deleted.at");
            }
        } else if (change instanceof MessageChange.Reaction reaction) {
            BsonArray given = new BsonArray(reaction.reactions().stream().map(BsonString::new).toList());
            if (!given.equals(reactions.get(reaction.userId()).getArray("reactions"))) {
                different.add("reactions");
            }
        }
        return different;
    }

    BsonDocument bson() {
        return document;
    }
}
