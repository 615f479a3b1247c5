package org.charla.connect.sink;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * What changes find in the document of a message, and what they make of it, one after the other as they stand in the
 * channel's topic. A change counts where it stands behind the message, where the message is not deleted, and behind what
 * it replaces: so whatever is delivered again changes nothing.
 */
final class MessageState {

    /** Of how many users a document keeps reactions; those who come later find no place. */
    static final int MOST_REACTING = 1_000;

    /** What is read of a document. */
    static final Bson FIELDS = Projections.include("offset", "deleted", "edited.position", "reactions");

    private static final BsonDocument ABSENT = new BsonDocument("$exists", BsonBoolean.FALSE);
    private static final long NEVER = -1;

    private final BsonValue id;
    private final long position;
    private final boolean isDeleted;
    private final long editedFound;
    private final boolean hasReactions;
    private final int reactingFound;
    private final long reactedFound;
    /** Where in the list a user's reactions stand, and since which position. */
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();

    private int reacting;
    private MessageChange.Edit edit;
    private MessageChange.Deletion deletion;
    private final Map<Integer, MessageChange.Reaction> reactions = new TreeMap<>();

    /** @param found the document's {@code _id} and {@link #FIELDS} */
    MessageState(BsonDocument found) {
        id = found.get("_id");
        position = number(found.get("offset"), Long.MAX_VALUE);
        isDeleted = found.containsKey("deleted");
        editedFound = found.get("edited") instanceof BsonDocument edited ? number(edited.get("position"), NEVER) : NEVER;
        hasReactions = found.containsKey("reactions");
        BsonArray list = found.get("reactions") instanceof BsonArray array ? array : new BsonArray();
        reactingFound = list.size();
        reacting = reactingFound;
        long last = NEVER;
        for (int place = 0; place < list.size(); place++) {
            if (list.get(place) instanceof BsonDocument one && one.get("userId") instanceof BsonString userId) {
                long since = number(one.get("position"), NEVER);
                places.put(userId.getValue(), place);
                positions.put(place, since);
                last = Math.max(last, since);
            }
        }
        reactedFound = last;
    }

    private static long number(BsonValue value, long otherwise) {
        return value != null && value.isNumber() ? value.asNumber().longValue() : otherwise;
    }

    void apply(MessageChange change) {
        if (isDeleted || deletion != null || change.position() <= position) {
            return;
        }
        if (change instanceof MessageChange.Deletion deleted) {
            deletion = deleted;
        } else if (change instanceof MessageChange.Edit edited) {
            if (edited.position() > (edit == null ? editedFound : edit.position())) {
                edit = edited;
            }
        } else if (change instanceof MessageChange.Reaction reaction) {
            apply(reaction);
        }
    }

    private void apply(MessageChange.Reaction reaction) {
        Integer place = places.get(reaction.userId());
        if (place == null && reacting < MOST_REACTING) {
            place = reacting++;
            places.put(reaction.userId(), place);
        }
        if (place != null && reaction.position() > positions.getOrDefault(place, NEVER)) {
            positions.put(place, reaction.position());
            reactions.put(place, reaction);
        }
    }

    /**
     * The update that makes of the document what the changes ask for, and finds it only if what was read still stands
     * there; empty where they ask for nothing.
     */
    Optional<UpdateOneModel<BsonDocument>> update() {
        BsonDocument filter = new BsonDocument("_id", id).append("deleted", ABSENT);
        BsonDocument set = new BsonDocument();
        if (deletion != null) {
            set.append("deleted", at(deletion.at()).append("by", new BsonString(deletion.by()))
                    .append("position", new BsonInt64(deletion.position())));
            BsonString any = new BsonString("");
            BsonDocument unset = new BsonDocument("text", any).append("edited", any).append("reactions", any);
            return Optional.of(new UpdateOneModel<>(filter, new BsonDocument("$set", set).append("$unset", unset)));
        }
        if (edit != null) {
            filter.append("edited.position",
                    new BsonDocument("$not", new BsonDocument("$gte", new BsonInt64(edit.position()))));
            set.append("text", new BsonString(edit.text()))
                    .append("edited", at(edit.at()).append("position", new BsonInt64(edit.position())));
        }
        if (!reactions.isEmpty()) {
            filter.append("reactions", hasReactions ? sameReactions() : ABSENT);
            if (hasReactions) {
                reactions.forEach((place, reaction) -> set.append("reactions." + place, document(reaction)));
            } else {
                set.append("reactions",
                        new BsonArray(reactions.values().stream().map(MessageState::document).toList()));
            }
        }
        return set.isEmpty() ? Optional.empty()
                : Optional.of(new UpdateOneModel<>(filter, new BsonDocument("$set", set)));
    }

    /** As many as were found, and none of a later position: whatever counts since then stands behind all that was found. */
    private BsonDocument sameReactions() {
        return new BsonDocument("$size", new BsonInt32(reactingFound)).append("$not", new BsonDocument("$elemMatch",
                new BsonDocument("position", new BsonDocument("$gt", new BsonInt64(reactedFound)))));
    }

    private static BsonDocument at(long epochMillis) {
        return new BsonDocument("at", new BsonDateTime(epochMillis));
    }

    private static BsonDocument document(MessageChange.Reaction reaction) {
        return new BsonDocument("userId", new BsonString(reaction.userId()))
                .append("reactions", new BsonArray(reaction.reactions().stream().map(BsonString::new).toList()))
                .append("position", new BsonInt64(reaction.position()));
    }
}
