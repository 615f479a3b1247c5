package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Compares MongoDB with what the topics make of it, by docs/contract.md, "MongoDB". */
final class DocumentsCheck {

    private static final String POSITIONS = "chat.topics";
    /** The base of the n-th topic of a channel is n times that. */
    private static final long BASE = 1_000_000_000_000L;
    private static final int MOST_REACTING = 1_000;
    private static final Set<String> OF_MESSAGES = Set.of("_id", "messageId", "channel", "author", "text", "sentAt",
            "acceptedAt", "offset", "replyTo", "edited", "deleted", "reactions");
    private static final Set<String> OF_USERS = Set.of("_id", "userId", "displayName", "updatedAt", "keys");
    private static final Set<String> OF_CHANNELS = Set.of("_id", "channel", "title", "owner", "moderators", "posting",
            "slowModeSeconds", "muted", "updatedAt");

    private final Logs logs;
    private final Documents documents;
    private final Findings findings;
    private final Tally tally;
    private final Map<String, BsonDocument> positions = new HashMap<>();

    DocumentsCheck(Logs logs, Documents documents, Findings findings, Tally tally) {
        this.logs = logs;
        this.documents = documents;
        this.findings = findings;
        this.tally = tally;
    }

    /** @param profiles that there should be */
    void check(Map<String, UserChange> profiles, List<String> channels) {
        Set<String> collections = documents.collections();
        if (collections.contains(POSITIONS)) {
            documents.read(POSITIONS, one -> positions.put(one.getString("_id").getValue(), one));
        }
        for (String channel : channels) {
            checkChannel(Oracle.CHANNEL + channel, collections);
        }
        Map<String, BsonDocument> users = new HashMap<>();
        profiles.forEach((userId, profile) -> users.put(userId, document(userId, profile)));
        compare(Oracle.USERS, users, OF_USERS, 0);
        compare(Oracle.CHANNELS, whatHolds(), OF_CHANNELS, 0);
        for (String collection : collections) {
            if (collection.startsWith(Oracle.CHANNEL)
                    && !channels.contains(collection.substring(Oracle.CHANNEL.length()))) {
                findings.add(Findings.Kind.DOCUMENT_EXTRA, "collection " + collection + " of no topic");
            }
        }
        checkIndexes(Oracle.USERS, collections, Set.of("_id"));
        checkIndexes(Oracle.CHANNELS, collections, Set.of("_id"));
    }

    private void checkIndexes(String collection, Set<String> collections, Set<String> fields) {
        if (!collections.contains(collection)) {
            return;
        }
        Set<BsonDocument> right = fields.stream()
                .map(field -> new BsonDocument(field, new BsonInt32(1))).collect(Collectors.toSet());
        Set<BsonDocument> found = documents.indexes(collection).stream()
                .map(index -> index.containsKey("partialFilterExpression") ? index : index.getDocument("key"))
                .collect(Collectors.toSet());
        if (!found.equals(right)) {
            findings.add(Findings.Kind.INDEX, collection + ": " + found + ", rather " + right);
        }
    }

    private void checkChannel(String topic, Set<String> collections) {
        long base = base(topic);
        Map<String, BsonDocument> right = new LinkedHashMap<>();
        logs.read(topic, 0, record -> {
            ChannelEntry entry = ChannelEntry.read(record.value());
            if (entry != null) {
                apply(entry, record.offset() + base, right);
            }
        });
        compare(topic, right, OF_MESSAGES, base);
        if (!right.isEmpty()) {
            checkIndexes(topic, collections, Set.of("_id", "offset"));
        }
    }

    private long base(String topic) {
        BsonDocument known = positions.get(topic);
        if (known == null) {
            return 0;
        }
        BsonArray topics = known.getArray("topics");
        String id = logs.id(topic);
        return topics.stream().map(BsonValue::asDocument).filter(one -> one.getString("id").getValue().equals(id))
                .mapToLong(one -> one.getInt64("base").getValue()).findFirst().orElse(topics.size() * BASE);
    }

    private static void apply(ChannelEntry entry, long position, Map<String, BsonDocument> right) {
        if (entry.type() == Event.Type.MESSAGE) {
            right.putIfAbsent(entry.id(), message(entry, position));
            return;
        }
        BsonDocument target = right.get(entry.target());
        if (target == null || target.containsKey("deleted")) {
            return;
        }
        switch (entry.type()) {
            case EDIT -> {
                target.put("text", new BsonString(entry.text()));
                target.put("edited", new BsonDocument("at", new BsonDateTime(entry.sentAt()))
                        .append("position", new BsonInt64(position)));
            }
            case DELETION -> {
                target.put("deleted", new BsonDocument("at", new BsonDateTime(entry.sentAt()))
                        .append("by", new BsonString(entry.userId())).append("position", new BsonInt64(position)));
                List.of("text", "edited", "reactions").forEach(target::remove);
            }
            case REACTION -> react(entry, position, target);
            default -> throw new IllegalStateException(entry.toString());
        }
    }

    private static void react(ChannelEntry entry, long position, BsonDocument target) {
        BsonArray all = target.getArray("reactions", new BsonArray());
        BsonDocument one = new BsonDocument("userId", new BsonString(entry.userId()))
                .append("reactions", texts(entry.reactions())).append("position", new BsonInt64(position));
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).asDocument().getString("userId").getValue().equals(entry.userId())) {
                all.set(i, one);
                return;
            }
        }
        if (all.size() < MOST_REACTING) {
            all.add(one);
            target.put("reactions", all);
        }
    }

    private static BsonArray texts(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    private static BsonDocument message(ChannelEntry entry, long position) {
        BsonDocument author = new BsonDocument("userId", new BsonString(entry.userId()))
                .append("displayName", new BsonString(entry.displayName()));
        if (entry.verified()) {
            author.append("verified", BsonBoolean.TRUE);
        }
        BsonDocument message = new BsonDocument("_id", new BsonString(entry.id()))
                .append("messageId", new BsonString(entry.messageId()))
                .append("channel", new BsonString(entry.channel()))
                .append("author", author).append("text", new BsonString(entry.text()))
                .append("sentAt", new BsonDateTime(entry.sentAt()))
                .append("acceptedAt", new BsonDateTime(entry.acceptedAt())).append("offset", new BsonInt64(position));
        return entry.replyTo() == null ? message : message.append("replyTo", new BsonString(entry.replyTo()));
    }

    private static BsonDocument document(String userId, UserChange profile) {
        BsonDocument user = new BsonDocument("_id", new BsonString(userId)).append("userId", new BsonString(userId))
                .append("displayName", new BsonString(profile.displayName()))
                .append("updatedAt", new BsonDateTime(profile.updatedAt()));
        return profile.keys().isEmpty() ? user : user.append("keys", texts(profile.keys()));
    }

    private Map<String, BsonDocument> whatHolds() {
        Map<String, BsonDocument> right = new HashMap<>();
        for (int partition = 0; partition < logs.partitions(Oracle.CHANNELS); partition++) {
            logs.read(Oracle.CHANNELS, partition, record -> {
                String channel = new String(record.key(), UTF_8);
                JsonNode rules = Reading.object(record.value());
                if (rules == null) {
                    right.remove(channel);
                } else {
                    right.put(channel, document(channel, rules));
                }
            });
        }
        return right;
    }

    private static BsonDocument document(String channel, JsonNode rules) {
        BsonArray muted = new BsonArray();
        rules.path("muted").forEach(mute -> {
            BsonDocument one = new BsonDocument("userId", new BsonString(Reading.text(mute, "userId")));
            muted.add(mute.has("until") ? one.append("until", new BsonInt64(Reading.number(mute, "until"))) : one);
        });
        BsonDocument document = new BsonDocument("_id", new BsonString(channel))
                .append("channel", new BsonString(channel))
                .append("title", new BsonString(Reading.text(rules, "title")))
                .append("moderators", texts(Reading.texts(rules, "moderators")))
                .append("posting", new BsonString(Reading.text(rules, "posting")))
                .append("slowModeSeconds", new BsonInt32(rules.path("slowModeSeconds").asInt())).append("muted", muted)
                .append("updatedAt", new BsonDateTime(Reading.number(rules, "updatedAt")));
        String owner = Reading.text(rules, "owner");
        return owner == null ? document : document.append("owner", new BsonString(owner));
    }

    /** @param from the first position that the log tells of */
    private void compare(String collection, Map<String, BsonDocument> right, Set<String> fields, long from) {
        Set<String> seen = new HashSet<>();
        documents.read(collection, found -> {
            tally.document();
            String id = found.get("_id") instanceof BsonString text ? text.getValue()
                    : String.valueOf(found.get("_id"));
            seen.add(id);
            BsonDocument expected = right.get(id);
            if (expected == null) {
                if (!(found.get("offset") instanceof BsonInt64 offset) || offset.getValue() >= from) {
                    findings.add(Findings.Kind.DOCUMENT_EXTRA, collection + ": " + found.toJson());
                }
                return;
            }
            List<String> unequal = new ArrayList<>();
            for (String field : fields) {
                if (!isEqual(expected.get(field), found.get(field))) {
                    unequal.add(field);
                }
            }
            if (!unequal.isEmpty()) {
                findings.add(Findings.Kind.DOCUMENT_UNEQUAL, collection + ": " + unequal + " of " + found.toJson()
                        + ", rather " + expected.toJson());
            }
        });
        for (String id : right.keySet()) {
            if (!seen.contains(id)) {
                findings.add(Findings.Kind.DOCUMENT_MISSING, collection + ": " + id);
            }
        }
    }

    /** A count is a count, whether of 32 or 64 bits; a position is a Long. */
    private static boolean isEqual(BsonValue expected, BsonValue found) {
        return expected instanceof BsonInt32 count && found instanceof BsonInt64 wide
                ? count.getValue() == wide.getValue() : Objects.equals(expected, found);
    }
}
