package org.charla.connect.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;

/** What stands in a channel's topic: the position of a record is its index. */
final class ChannelLog {

    private static final long BEGIN = 1_763_791_200_000L;
    private static final List<String> USERS = List.of("alice", "bob", "carol:", "ñandú");
    private static final List<String> EMOJI = List.of("👍", "🎉", "❤️");

    private final List<ChannelRecord> records = new ArrayList<>();

    /** An empty one. */
    ChannelLog() {
    }

    /** One of a few messages, and of all that may happen to them, in any order and more than once. */
    ChannelLog(Random random, int size) {
        while (records.size() < size) {
            String user = USERS.get(random.nextInt(USERS.size()));
            String author = USERS.get(random.nextInt(USERS.size()));
            String id = "m" + random.nextInt(3);
            String target = ChannelRecord.id(author, id);
            switch (random.nextInt(12)) {
                case 0, 1 -> message(author, id, "text " + records.size());
                case 2, 3, 4 -> edit(author, target, "text " + records.size());
                case 5 -> deletion(user, target);
                case 6 -> rule(user);
                default -> reaction(user, target, IntStream.range(0, random.nextInt(3)).mapToObj(EMOJI::get).toList());
            }
        }
    }

    int size() {
        return records.size();
    }

    ChannelRecord get(int position) {
        return records.get(position);
    }

    void message(String author, String id, String text) {
        Optional<String> replyTo = size() % 2 == 0 ? Optional.empty() : Optional.of("bob:m" + size());
        records.add(new ChannelMessage(id, "general", author(author), text, replyTo, time(), time()));
    }

    void edit(String author, String target, String text) {
        editOfTheTime(time(), author, target, text);
    }

    void editOfTheTime(long sentAt, String author, String target, String text) {
        records.add(new ChannelRecord.Edit(id(), "general", author(author), target, text, sentAt, time()));
    }

    void deletion(String by, String target) {
        records.add(new ChannelRecord.Deletion(id(), "general", author(by), target, time(), time()));
    }

    void reaction(String user, String target, List<String> reactions) {
        records.add(new ChannelRecord.Reaction(id(), "general", author(user), target, reactions, time(), time()));
    }

    void rule(String by) {
        records.add(new ChannelRecord.Rule(id(), "general", author(by), ChannelRule.TITLE, "x", OptionalLong.empty(),
                time(), time()));
    }

    long timeOf(int position) {
        return records.get(position).sentAt();
    }

    /** What MongoDB has to hold of it. */
    List<BsonDocument> documents() {
        return documentsWithout(-1);
    }

    /** What MongoDB has to hold where the record of this position could not be written. */
    List<BsonDocument> documentsWithout(int left) {
        ChannelLedger ledger = new ChannelLedger();
        for (int position = 0; position < size(); position++) {
            if (position != left) {
                ledger.apply(position, records.get(position));
            }
        }
        return ledger.documents();
    }

    private long time() {
        return BEGIN + size();
    }

    private String id() {
        return "c" + size();
    }

    private static Author author(String userId) {
        return new Author(userId, userId.toUpperCase(Locale.ROOT));
    }
}
