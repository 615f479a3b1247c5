package org.charla.connect.sink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.Document;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;

/** The documents of a channel as the contract has them, of records taken one after the other, each once. */
final class ChannelLedger {

    private static final int MOST_REACTING = 1_000;

    private static final class Entry {
        private ChannelMessage message;
        private long position;
        private BsonDocument edited;
        private String text;
        private BsonDocument deleted;
        /** By user; what is replaced stays where it is. */
        private final Map<String, Document> reactions = new LinkedHashMap<>();
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    void apply(long position, ChannelRecord record) {
        if (record instanceof ChannelMessage message) {
            entries.computeIfAbsent(message.id(), id -> {
                Entry entry = new Entry();
                entry.message = message;
                entry.text = message.text();
                entry.position = position;
                return entry;
            });
        } else if (record instanceof ChannelRecord.Edit edit && isThere(edit.target())) {
            Entry entry = entries.get(edit.target());
            entry.text = edit.text();
            entry.edited = new BsonDocument("at", new BsonDateTime(edit.sentAt())).append("position", new BsonInt64(position));
        } else if (record instanceof ChannelRecord.Deletion deletion && isThere(deletion.target())) {
            entries.get(deletion.target()).deleted = new BsonDocument("at", new BsonDateTime(deletion.sentAt()))
                    .append("by", new BsonString(deletion.author().userId())).append("position", new BsonInt64(position));
        } else if (record instanceof ChannelRecord.Reaction reaction && isThere(reaction.target())) {
            Map<String, Document> reactions = entries.get(reaction.target()).reactions;
            String user = reaction.author().userId();
            if (reactions.containsKey(user) || reactions.size() < MOST_REACTING) {
                reactions.put(user, new Document("userId", user).append("reactions", reaction.reactions())
                        .append("position", position));
            }
        }
    }

    private boolean isThere(String target) {
        return entries.containsKey(target) && entries.get(target).deleted == null;
    }

    /** In the order of their positions. */
    List<BsonDocument> documents() {
        List<BsonDocument> documents = new ArrayList<>();
        entries.forEach((id, entry) -> {
            ChannelMessage message = entry.message;
            BsonDocument document = new Document("_id", id).append("messageId", message.messageId())
                    .append("channel", message.channel())
                    .append("author", new Document("userId", message.author().userId())
                            .append("displayName", message.author().displayName()))
                    .append("sentAt", new BsonDateTime(message.sentAt()))
                    .append("acceptedAt", new BsonDateTime(message.acceptedAt()))
                    .append("offset", entry.position).toBsonDocument();
            message.replyTo().ifPresent(replyTo -> document.append("replyTo", new BsonString(replyTo)));
            if (entry.deleted != null) {
                document.append("deleted", entry.deleted);
            } else {
                document.append("text", new BsonString(entry.text));
                if (entry.edited != null) {
                    document.append("edited", entry.edited);
                }
                if (!entry.reactions.isEmpty()) {
                    document.putAll(new Document("reactions", List.copyOf(entry.reactions.values())).toBsonDocument());
                }
            }
            documents.add(ChangesContract.sorted(document));
        });
        return documents;
    }
}
